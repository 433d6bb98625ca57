import { Button, Code, Paper, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import type { Instance, InstanceKind } from '../../api/types.js';
import { ConfirmDialog } from '../../forms/confirm-dialog.js';
import { TestOutcome } from '../../forms/test-report.js';
import { notifyDone } from '../../layout/notify.js';
import { PageHeader } from '../../layout/page-header.js';
import { QueryView } from '../../layout/query-view.js';
import { allInstanceKinds, useConnectors } from '../catalog/connectors.js';
import { InstanceForm } from './instance-form.js';
import { useDeleteInstance, useInstance, useTestInstance } from './instances.js';

export function EditInstancePage({ id }: { id: string }) {
  const instance = useInstance(id);
  const connectors = useConnectors();
  return (
    <QueryView query={connectors} what="the catalog">
      {(items) => (
        <QueryView query={instance} what="the instance">
          {(loaded) => (
            <EditInstance
              instance={loaded}
              kind={allInstanceKinds(items).find((kind) => kind.kind === loaded.kind) ?? unknownKind(loaded)}
            />
          )}
        </QueryView>
      )}
    </QueryView>
  );
}

function EditInstance({ instance, kind }: { instance: Instance; kind: InstanceKind }) {
  const test = useTestInstance(instance.id);
  const runTest = test.mutate;
  const [params, setParams] = useSearchParams();
  // After creation the address asks for a first test, once.
  const asked = useRef(false);
  const testNow = params.get('test') === '1';
  useEffect(() => {
    if (!testNow || asked.current) return;
    asked.current = true;
    setParams({}, { replace: true });
    runTest();
  }, [testNow, setParams, runTest]);

  return (
    <>
      <PageHeader
        title={instance.name}
        description={
          <>
            {kind.displayName} instance at <Code>{instance.baseUrl}</Code>
          </>
        }
        actions={<DeleteInstance instance={instance} />}
      />
      <Stack maw={680}>
        <TestOutcome report={test.data} error={test.error} testing={test.isPending} />
        <Paper withBorder p="lg">
          <InstanceForm
            kind={kind}
            instance={instance}
            submitLabel="Save changes"
            onSaved={() => {
              notifyDone('Instance saved.');
              runTest();
            }}
            actions={(dirty) => (
              <Button
                variant="default"
                disabled={dirty}
                title={dirty ? 'Saving tests the new settings.' : undefined}
                loading={test.isPending}
                onClick={() => runTest()}
              >
                Test
              </Button>
            )}
          />
        </Paper>
      </Stack>
    </>
  );
}

function DeleteInstance({ instance }: { instance: Instance }) {
  const [opened, setOpened] = useState(false);
  const [, navigate] = useLocation();
  const remove = useDeleteInstance(instance.id);
  return (
    <>
      <Button variant="light" color="red" onClick={() => setOpened(true)}>
        Delete
      </Button>
      <ConfirmDialog
        opened={opened}
        title={`Delete ${instance.name}?`}
        confirmLabel="Delete instance"
        pending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(undefined, { onSuccess: () => navigate('/instances', { replace: true }) })}
        onClose={() => {
          setOpened(false);
          remove.reset();
        }}
      >
        <Text size="sm">
          The address and the credentials are forgotten. Nothing is changed at the remote system. An instance that a
          connection uses cannot be deleted.
        </Text>
      </ConfirmDialog>
    </>
  );
}

/** The connector that declared the kind is gone: the instance can still be seen, tested and deleted. */
function unknownKind(instance: Instance): InstanceKind {
  return { kind: instance.kind, displayName: instance.kind, credentials: [], baseUrl: {} };
}
