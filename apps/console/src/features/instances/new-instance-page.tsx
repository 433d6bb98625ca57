import { Paper, Select, Stack } from '@mantine/core';
import { useLocation, useSearchParams } from 'wouter';
import type { InstanceKind } from '../../api/types.js';
import { EmptyState } from '../../layout/empty-state.js';
import { PageHeader } from '../../layout/page-header.js';
import { QueryView } from '../../layout/query-view.js';
import { allInstanceKinds, useConnectors } from '../catalog/connectors.js';
import { InstanceForm } from './instance-form.js';

export function NewInstancePage() {
  const connectors = useConnectors();
  return (
    <>
      <PageHeader title="New instance" description="Where the system is and who the hub is there." />
      <QueryView query={connectors} what="the catalog">
        {(items) => <KindAndForm kinds={allInstanceKinds(items)} />}
      </QueryView>
    </>
  );
}

function KindAndForm({ kinds }: { kinds: InstanceKind[] }) {
  const [params, setParams] = useSearchParams();
  const [, navigate] = useLocation();
  const kind = kinds.find((candidate) => candidate.kind === params.get('kind')) ?? kinds[0];
  if (kind === undefined) {
    return (
      <EmptyState title="Nothing to connect to">
        No working connector is installed. See the catalog for the reason.
      </EmptyState>
    );
  }
  return (
    <Paper withBorder p="lg" maw={680}>
      <Stack>
        {kinds.length > 1 && (
          <Select
            label="Kind"
            data={kinds.map((candidate) => ({ value: candidate.kind, label: candidate.displayName }))}
            value={kind.kind}
            allowDeselect={false}
            onChange={(value) => setParams(value === null ? {} : { kind: value }, { replace: true })}
          />
        )}
        <InstanceForm
          key={kind.kind}
          kind={kind}
          submitLabel="Save and test"
          onSaved={(instance) => navigate(`/instances/${instance.id}?test=1`, { replace: true })}
        />
      </Stack>
    </Paper>
  );
}
