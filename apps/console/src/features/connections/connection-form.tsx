import { Box, Button, Checkbox, Fieldset, Grid, Group, Paper, Stack, TagsInput, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useMemo, useRef } from 'react';
import type { JsonObject } from '../../api/json.js';
import type { Connection, Connector } from '../../api/types.js';
import { FormErrors } from '../../forms/form-errors.js';
import { TestOutcome } from '../../forms/test-report.js';
import { ErrorNotice } from '../../layout/error-notice.js';
import { SchemaForm } from '../schema-form/schema-form.js';
import { Guide } from './guide.js';
import { ScheduleFields } from './schedule-fields.js';
import { useConnectionForm } from './connection-form-state.js';

interface ConnectionFormProps {
  connector: Connector;
  connection?: Connection;
  submitLabel: string;
  onSaved: (connection: Connection) => void;
  actions?: ReactNode;
}

const emptySchema: JsonObject = { type: 'object', properties: {} };

/** Creates or changes a connection. All that is specific to the connector comes from its metadata. */
export function ConnectionForm({ connector, connection, submitLabel, onSaved, actions }: ConnectionFormProps) {
  const element = useRef<HTMLFormElement>(null);
  const state = useConnectionForm({
    connector,
    connection,
    element,
    schema: connector.configSchema ?? emptySchema,
    onSaved,
  });
  const { draft, change, errors, config, test } = state;
  const context = useMemo(
    () => ({
      connectionId: connection?.id,
      version: config.version,
    }),
    [connection?.id, config.version],
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    state.save();
  };
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 8 }}>
        <form ref={element} onSubmit={submit} noValidate aria-label="Connection">
          <Stack>
            {state.saveError !== null && <ErrorNotice title="Not saved" error={state.saveError} />}
            <FormErrors errors={state.otherErrors} />
            <TextInput
              label="Name"
              required
              value={draft.name}
              error={errors.at('/name')}
              onChange={(event) => change('/name', { name: event.currentTarget.value })}
            />
            <SchemaForm
              form={config.form}
              formData={config.formData}
              errors={config.errors}
              onChange={config.change}
              context={context}
            />
            <Fieldset legend="When and how it runs">
              <Stack>
                <ScheduleFields
                  value={draft.schedule}
                  errorAt={errors.at}
                  onChange={(schedule) => change('/schedule', { schedule })}
                />
                <TagsInput
                  label="Tags"
                  description="To find its events by, e.g. a team or a service."
                  placeholder={draft.tags.length === 0 ? 'Type and press Enter' : undefined}
                  splitChars={[',', ';']}
                  value={draft.tags}
                  error={errors.at('/tags')}
                  onChange={(tags) => change('/tags', { tags })}
                />
                <TextInput
                  label="Description"
                  value={draft.description}
                  error={errors.at('/description')}
                  onChange={(event) => change('/description', { description: event.currentTarget.value })}
                />
                <Checkbox
                  label="Enabled"
                  description="A connection with a schedule starts its first run as soon as it is enabled."
                  checked={draft.enabled}
                  onChange={(event) => change('/enabled', { enabled: event.currentTarget.checked })}
                />
              </Stack>
            </Fieldset>
            <TestOutcome report={test.report} error={test.error} testing={test.testing} />
            <Group gap="xs">
              <Button type="submit" loading={state.saving} disabled={!state.dirty}>
                {submitLabel}
              </Button>
              <Button variant="default" loading={test.testing} onClick={state.runTest}>
                Test connection
              </Button>
              {actions}
            </Group>
            {test.note !== undefined && (
              <Box fz="sm" c="dimmed">
                {test.note}
              </Box>
            )}
          </Stack>
        </form>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 4 }}>
        <Paper
          withBorder
          p="md"
          component="aside"
          aria-label="Guide"
          style={{ position: 'sticky', top: 70 }}
          mah="calc(100vh - 90px)"
          className="guide-panel"
        >
          <Guide markdown={connector.docs ?? ''} />
        </Paper>
      </Grid.Col>
    </Grid>
  );
}
