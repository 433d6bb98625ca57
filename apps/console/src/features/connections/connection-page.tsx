import { Group, Tabs } from '@mantine/core';
import { useSearchParams } from 'wouter';
import type { Connection, Connector } from '../../api/types.js';
import { ErrorNotice } from '../../layout/error-notice.js';
import { notifyDone } from '../../layout/notify.js';
import { PageHeader } from '../../layout/page-header.js';
import { QueryView } from '../../layout/query-view.js';
import { ConnectorLogo } from '../catalog/connector-logo.js';
import { connectorName, useConnectors } from '../catalog/connectors.js';
import { ItemsTab } from '../items/items-tab.js';
import { PlanTab } from '../plans/plan-tab.js';
import { ConnectionForm } from './connection-form.js';
import { ConnectionOverview } from './connection-overview.js';
import { useConnection } from './connections.js';
import { DeleteConnection } from './delete-connection.js';
import { EnabledSwitch } from './enabled-switch.js';
import { scheduleText } from './schedule-text.js';
import { SyncButtons } from './sync-buttons.js';

export function ConnectionPage({ id }: { id: string }) {
  const connection = useConnection(id);
  const connectors = useConnectors();
  return (
    <QueryView query={connectors} what="the catalog">
      {(items) => (
        <QueryView query={connection} what="the connection">
          {(loaded) => (
            <ConnectionDetails
              connection={loaded}
              connector={items.find((candidate) => candidate.id === loaded.connectorId)}
            />
          )}
        </QueryView>
      )}
    </QueryView>
  );
}

function ConnectionDetails({ connection, connector }: { connection: Connection; connector?: Connector }) {
  const [params, setParams] = useSearchParams();
  const tabs = tabsOf(connector);
  const tab = tabs.find(({ value }) => value === params.get('tab'))?.value ?? 'overview';
  return (
    <>
      <PageHeader
        title={connection.name}
        heading={
          <Group gap="sm" wrap="nowrap">
            <ConnectorLogo connector={connector} id={connection.connectorId} size={32} />
            <span className="wrap-anywhere">{connection.name}</span>
          </Group>
        }
        description={[
          connectorName(connector, connection.connectorId),
          scheduleText(connection.schedule),
          connection.description,
        ]
          .filter(Boolean)
          .join(' · ')}
        actions={
          <>
            <EnabledSwitch connection={connection} labelled />
            <SyncButtons connection={connection} />
          </>
        }
      />
      <Tabs
        value={tab}
        onChange={(value) => setParams(value === null || value === 'overview' ? {} : { tab: value }, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {tabs.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview">
          <ConnectionOverview connection={connection} connector={connector} />
        </Tabs.Panel>
        <Tabs.Panel value="plan">
          <PlanTab connection={connection} connector={connector} />
        </Tabs.Panel>
        <Tabs.Panel value="items">
          <ItemsTab connection={connection} connector={connector} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          {connector === undefined || connector.state === 'broken' ? (
            <ErrorNotice
              title="The connector cannot be used"
              error={
                connector?.reason ?? `${connection.connectorId} is not installed. Its connections keep their data.`
              }
            />
          ) : (
            <ConnectionForm
              connector={connector}
              connection={connection}
              submitLabel="Save changes"
              onSaved={() => notifyDone('Connection saved.')}
            />
          )}
          <DeleteConnection connection={connection} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

/** Plans are made by connectors that can; items wait at any connection. */
function tabsOf(connector: Connector | undefined): readonly { value: string; label: string }[] {
  return [
    { value: 'overview', label: 'Overview' },
    ...(connector?.capabilities?.includes('plan') === true ? [{ value: 'plan', label: 'Plan' }] : []),
    { value: 'items', label: 'Items' },
    { value: 'settings', label: 'Settings' },
  ];
}
