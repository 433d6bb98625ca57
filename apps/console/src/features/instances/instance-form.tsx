import { Accordion, Button, Group, NumberInput, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import type { Instance, InstanceKind } from '../../api/types.js';
import { fieldErrorsOf, focusFirstInvalid, useFieldErrors } from '../../forms/field-errors.js';
import { FormErrors } from '../../forms/form-errors.js';
import { ErrorNotice } from '../../layout/error-notice.js';
import { CredentialFields } from './credential-fields.js';
import { bodyOf, checkDraft, draftOf, type InstanceDraft } from './instance-draft.js';
import { useSaveInstance } from './instances.js';

interface InstanceFormProps {
  kind: InstanceKind;
  instance?: Instance;
  submitLabel: string;
  onSaved: (instance: Instance) => void;
  /** Further buttons beside the submit button; told whether there is something to save. */
  actions?: (dirty: boolean) => ReactNode;
}

const ownFields = [
  '/name',
  '/baseUrl',
  '/credentials',
  '/description',
  '/caCertificate',
  '/proxyUrl',
  '/limits',
  '/expiresAt',
];
const advancedFields = ['/description', '/caCertificate', '/proxyUrl', '/limits', '/expiresAt'];

/** Creates or changes an instance of a kind, with the fields its connector's metadata declares. */
export function InstanceForm({ kind, instance, submitLabel, onSaved, actions }: InstanceFormProps) {
  const [draft, setDraft] = useState(() => draftOf(instance, kind));
  const [advanced, setAdvanced] = useState<string | null>(null);
  const [saves, setSaves] = useState(0);
  const errors = useFieldErrors();
  const save = useSaveInstance(instance?.id);
  const form = useRef<HTMLFormElement>(null);
  const body = bodyOf(draft, kind, instance);
  const dirty = instance === undefined || Object.keys(body).length > 0;

  const change = (pointer: string, patch: Partial<InstanceDraft>) => {
    errors.clear(pointer);
    setDraft((old) => ({ ...old, ...patch }));
  };
  const refuse = (found: Parameters<typeof errors.set>[0]) => {
    errors.set(found);
    if (found.some((error) => advancedFields.some((field) => error.path.startsWith(field)))) setAdvanced('advanced');
    focusFirstInvalid(form.current);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // The form may stand in a dialog above another form: React would hand the event to that one as well.
    event.stopPropagation();
    const found = checkDraft(draft, kind, instance);
    refuse(found);
    if (found.length > 0) return;
    save.mutate(body, {
      onSuccess: (saved) => {
        setDraft(draftOf(saved, kind));
        setSaves((count) => count + 1);
        onSaved(saved);
      },
      onError: (error) => refuse(fieldErrorsOf(error)),
    });
  };

  return (
    <form ref={form} onSubmit={submit} noValidate aria-label={`${kind.displayName} instance`}>
      <Stack>
        {save.error !== null && errors.all.length === 0 && <ErrorNotice title="Not saved" error={save.error} />}
        <FormErrors errors={errors.outside(ownFields)} />
        <TextInput
          label="Name"
          description="How you tell it from others, e.g. GitLab production."
          required
          value={draft.name}
          error={errors.at('/name')}
          onChange={(event) => change('/name', { name: event.currentTarget.value })}
        />
        <TextInput
          label="Base URL"
          description={kind.baseUrl.help}
          placeholder={kind.baseUrl.placeholder}
          required
          type="url"
          value={draft.baseUrl}
          error={errors.at('/baseUrl')}
          onChange={(event) => change('/baseUrl', { baseUrl: event.currentTarget.value })}
        />
        <CredentialFields
          key={saves}
          kind={kind}
          stored={instance?.credentials}
          values={draft.credentials}
          errorAt={errors.at}
          onChange={(name, value) =>
            change(`/credentials/${name}`, { credentials: { ...draft.credentials, [name]: value } })
          }
        />
        <Accordion variant="separated" value={advanced} onChange={setAdvanced}>
          <Accordion.Item value="advanced">
            <Accordion.Control>Certificate, proxy, limits</Accordion.Control>
            <Accordion.Panel>
              <Stack>
                <TextInput
                  label="Description"
                  value={draft.description}
                  error={errors.at('/description')}
                  onChange={(event) => change('/description', { description: event.currentTarget.value })}
                />
                <Textarea
                  label="CA certificate"
                  description="PEM of a private certificate authority; trusted in addition to the system's own."
                  placeholder="-----BEGIN CERTIFICATE-----"
                  autosize
                  minRows={3}
                  maxRows={10}
                  styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
                  value={draft.caCertificate}
                  error={errors.at('/caCertificate')}
                  onChange={(event) => change('/caCertificate', { caCertificate: event.currentTarget.value })}
                />
                <TextInput
                  label="Proxy"
                  description="Requests to this instance go through it."
                  placeholder="http://proxy.example:3128"
                  type="url"
                  value={draft.proxyUrl}
                  error={errors.at('/proxyUrl')}
                  onChange={(event) => change('/proxyUrl', { proxyUrl: event.currentTarget.value })}
                />
                <SimpleGrid cols={{ base: 1, sm: 2 }}>
                  <NumberInput
                    label="Requests per minute"
                    description="Our own ceiling. Empty: what the system allows."
                    min={1}
                    allowDecimal={false}
                    value={draft.requestsPerMinute}
                    error={errors.at('/limits/requestsPerMinute')}
                    onChange={(value) =>
                      change('/limits/requestsPerMinute', { requestsPerMinute: numberOrEmpty(value) })
                    }
                  />
                  <NumberInput
                    label="Longest wait (minutes)"
                    description="If the system asks for a longer one, the run ends and continues later."
                    min={1}
                    value={draft.maxBackoffMinutes}
                    error={errors.at('/limits/maxBackoffMinutes')}
                    onChange={(value) =>
                      change('/limits/maxBackoffMinutes', { maxBackoffMinutes: numberOrEmpty(value) })
                    }
                  />
                </SimpleGrid>
                <TextInput
                  label="Credentials end on"
                  description="So that you are warned before. A test fills it in where the system tells."
                  type="date"
                  value={draft.expiresAt}
                  error={errors.at('/expiresAt')}
                  onChange={(event) => change('/expiresAt', { expiresAt: event.currentTarget.value })}
                />
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        <Group gap="xs">
          <Button type="submit" loading={save.isPending} disabled={!dirty}>
            {submitLabel}
          </Button>
          {actions?.(dirty)}
        </Group>
      </Stack>
    </form>
  );
}

function numberOrEmpty(value: string | number): number | '' {
  return typeof value === 'number' ? value : '';
}
