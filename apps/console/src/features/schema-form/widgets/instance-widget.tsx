import { Button, Group, Modal, Select } from '@mantine/core';
import type { WidgetProps } from '@rjsf/utils';
import { useEffect, useState } from 'react';
import { errorText } from '../../../layout/error-notice.js';
import { allInstanceKinds, useConnectors } from '../../catalog/connectors.js';
import { InstanceForm } from '../../instances/instance-form.js';
import { useInstances } from '../../instances/instances.js';
import { fieldProps } from './field-props.js';

/** An instance of the kind the schema names; a new one can be made without leaving the form. */
export function InstanceWidget(props: WidgetProps) {
  const kindId = String(props.options['kind']);
  const connectors = useConnectors();
  const instances = useInstances();
  const [creating, setCreating] = useState(false);
  const kind = allInstanceKinds(connectors.data ?? []).find((candidate) => candidate.kind === kindId);
  const name = kind?.displayName ?? kindId;
  const fitting = (instances.data ?? []).filter((instance) => instance.kind === kindId);

  // With only one to choose there is nothing to choose.
  const { onChange } = props;
  const value: unknown = props.value;
  const only = fitting.length === 1 ? fitting[0]?.id : undefined;
  useEffect(() => {
    if ((value === undefined || value === '') && only !== undefined) onChange(only);
  }, [value, only, onChange]);

  const field = fieldProps(props);
  return (
    <>
      <Group align="flex-end" gap="xs" wrap="wrap">
        <Select
          {...field}
          style={{ flex: '1 1 14rem' }}
          error={field.error ?? (instances.error === null ? undefined : errorText(instances.error))}
          description={field.description ?? `Which ${name} server, and with which account.`}
          inputWrapperOrder={['label', 'description', 'input', 'error']}
          placeholder={
            instances.isPending ? 'Loading' : fitting.length === 0 ? `No ${name} instance yet` : 'Choose one'
          }
          data={fitting.map((instance) => ({
            value: instance.id,
            label: `${instance.name} (${host(instance.baseUrl)})`,
          }))}
          value={typeof value === 'string' && value !== '' ? value : null}
          allowDeselect={false}
          searchable={fitting.length > 8}
          onChange={(id) => onChange(id ?? undefined)}
        />
        {kind !== undefined && (
          <Button variant={fitting.length === 0 ? 'light' : 'default'} onClick={() => setCreating(true)}>
            New {name} instance
          </Button>
        )}
      </Group>
      {kind !== undefined && (
        <Modal
          opened={creating}
          onClose={() => setCreating(false)}
          title={`New ${name} instance`}
          size="lg"
          closeButtonProps={{ 'aria-label': 'Close' }}
        >
          <InstanceForm
            kind={kind}
            submitLabel="Create instance"
            onSaved={(instance) => {
              onChange(instance.id);
              setCreating(false);
            }}
            actions={() => (
              <Button variant="default" onClick={() => setCreating(false)}>
                Cancel
              </Button>
            )}
          />
        </Modal>
      )}
    </>
  );
}

function host(baseUrl: string): string {
  return baseUrl.replace(/^https?:\/\//, '');
}
