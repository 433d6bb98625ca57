import { lazy, Suspense } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { SessionGate } from './features/auth/session-gate.js';
import { LoginPage } from './features/auth/login-page.js';
import { HomeRedirect } from './features/connections/home-redirect.js';
import { ConnectionsPage } from './features/connections/connections-page.js';
import { DashboardPage } from './features/dashboard/dashboard-page.js';
import { LogsPage } from './features/logs/logs-page.js';
import { CatalogPage } from './features/catalog/catalog-page.js';
import { InstancesPage } from './features/instances/instances-page.js';
import { EditInstancePage } from './features/instances/edit-instance-page.js';
import { NewInstancePage } from './features/instances/new-instance-page.js';
import { RunsPage } from './features/runs/runs-page.js';
import { RunPage } from './features/runs/run-page.js';
import { DeliveriesPage } from './features/deliveries/deliveries-page.js';
import { ErrorBoundary } from './layout/error-boundary.js';
import { Shell } from './layout/shell.js';
import { Loading } from './layout/loading.js';
import { NotFoundPage } from './layout/not-found-page.js';
import { TimelinePage } from './features/timeline/timeline-page.js';

// The two pages with a configuration form bring the form renderer along; no other page pays for it.
const NewConnectionPage = lazy(() =>
  import('./features/connections/new-connection-page.js').then((module) => ({ default: module.NewConnectionPage })),
);
const ConnectionPage = lazy(() =>
  import('./features/connections/connection-page.js').then((module) => ({ default: module.ConnectionPage })),
);

// Pages that only those need who keep two systems in step.
const ConflictsPage = lazy(() =>
  import('./features/conflicts/conflicts-page.js').then((module) => ({ default: module.ConflictsPage })),
);
const ConflictPage = lazy(() =>
  import('./features/conflicts/conflict-page.js').then((module) => ({ default: module.ConflictPage })),
);
const LinksPage = lazy(() =>
  import('./features/links/links-page.js').then((module) => ({ default: module.LinksPage })),
);
const LinkPage = lazy(() => import('./features/links/link-page.js').then((module) => ({ default: module.LinkPage })));
const UserMappingsPage = lazy(() =>
  import('./features/user-mappings/user-mappings-page.js').then((module) => ({ default: module.UserMappingsPage })),
);

/** Every address of the console. They are stable: people keep them in tickets and runbooks. */
export function App() {
  const [location] = useLocation();
  return (
    <Switch>
      <Route path="/login" component={LoginPage} />
      <Route>
        <SessionGate>
          <Shell>
            <ErrorBoundary key={location}>
              <Suspense fallback={<Loading />}>
                <Switch>
                  <Route path="/" component={HomeRedirect} />
                  <Route path="/dashboard" component={DashboardPage} />
                  <Route path="/timeline" component={TimelinePage} />
                  <Route path="/conflicts" component={ConflictsPage} />
                  <Route path="/conflicts/:id">{({ id }) => <ConflictPage key={id} id={id} />}</Route>
                  <Route path="/links" component={LinksPage} />
                  <Route path="/links/:id">{({ id }) => <LinkPage key={id} id={id} />}</Route>
                  <Route path="/user-mappings" component={UserMappingsPage} />
                  <Route path="/catalog" component={CatalogPage} />
                  <Route path="/instances" component={InstancesPage} />
                  <Route path="/instances/new" component={NewInstancePage} />
                  <Route path="/instances/:id">{({ id }) => <EditInstancePage key={id} id={id} />}</Route>
                  <Route path="/connections" component={ConnectionsPage} />
                  <Route path="/connections/new/:connectorId">
                    {({ connectorId }) => <NewConnectionPage key={connectorId} connectorId={connectorId} />}
                  </Route>
                  <Route path="/connections/:id">{({ id }) => <ConnectionPage key={id} id={id} />}</Route>
                  <Route path="/runs" component={RunsPage} />
                  <Route path="/runs/:id">{({ id }) => <RunPage key={id} id={id} />}</Route>
                  <Route path="/logs" component={LogsPage} />
                  <Route path="/deliveries" component={DeliveriesPage} />
                  <Route component={NotFoundPage} />
                </Switch>
              </Suspense>
            </ErrorBoundary>
          </Shell>
        </SessionGate>
      </Route>
    </Switch>
  );
}
