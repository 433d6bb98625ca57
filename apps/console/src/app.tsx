import { lazy, Suspense } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { SessionGate } from './features/auth/session-gate.js';
import { LoginPage } from './features/auth/login-page.js';
import { HomeRedirect } from './features/connections/home-redirect.js';
import { ConnectionsPage } from './features/connections/connections-page.js';
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
                  <Route path="/timeline" component={TimelinePage} />
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
