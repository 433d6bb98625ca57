import { Code, SimpleGrid } from '@mantine/core';
import { EmptyState } from '../../layout/empty-state.js';
import { PageHeader } from '../../layout/page-header.js';
import { QueryView } from '../../layout/query-view.js';
import { ConnectorCard } from './connector-card.js';
import { useConnectors } from './connectors.js';

export function CatalogPage() {
  const connectors = useConnectors();
  return (
    <>
      <PageHeader title="Catalog" description="What this hub can connect to. Choose one to make a connection." />
      <QueryView query={connectors} what="the catalog">
        {(items) =>
          items.length === 0 ? (
            <EmptyState title="No connectors found">
              A connector is a folder with a <Code>metadata.json</Code> inside <Code>connectors/</Code>. Add one and
              restart the hub.
            </EmptyState>
          ) : (
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
              {items.map((connector) => (
                <ConnectorCard key={connector.id} connector={connector} />
              ))}
            </SimpleGrid>
          )
        }
      </QueryView>
    </>
  );
}
