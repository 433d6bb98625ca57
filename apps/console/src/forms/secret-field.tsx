import { Button, Group, Input, PasswordInput, Text } from '@mantine/core';
import { useState } from 'react';
import type { StoredSecret } from '../api/types.js';

interface SecretFieldProps {
  id?: string;
  label: string;
  description?: string;
  required?: boolean;
  disabled?: boolean;
  error?: string;
  /** What the hub says of the stored value; the value itself is never sent to the browser. */
  stored?: StoredSecret;
  /** undefined keeps the stored one, null removes it, a string replaces it. */
  value: string | null | undefined;
  onChange: (value: string | null | undefined) => void;
}

/** A secret: entered masked, afterwards only known to be set. It stays as it is unless Replace or Remove is chosen. */
export function SecretField({ stored, value, onChange, ...field }: SecretFieldProps) {
  const [replacing, setReplacing] = useState(false);
  const { id, label, description, required = false, disabled = false, error } = field;
  if (stored?.set !== true || replacing) {
    return (
      <PasswordInput
        id={id}
        label={label}
        description={description}
        required={required}
        disabled={disabled}
        error={error}
        aria-invalid={error !== undefined}
        autoComplete="new-password"
        value={value ?? ''}
        onChange={(event) => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
        autoFocus={replacing}
        inputContainer={(input) =>
          replacing ? (
            <Group gap="xs" wrap="nowrap" align="flex-start">
              <div style={{ flex: 1 }}>{input}</div>
              <Button
                variant="default"
                onClick={() => {
                  setReplacing(false);
                  onChange(undefined);
                }}
              >
                Cancel
              </Button>
            </Group>
          ) : (
            input
          )
        }
      />
    );
  }
  const removed = value === null;
  return (
    <Input.Wrapper label={label} description={description} error={error} required={required} labelElement="div">
      <Group gap="xs" mt={4} role="group" aria-label={label}>
        <Text size="sm" c={removed ? 'red' : undefined}>
          {removed ? 'Will be removed when you save.' : storedText(stored)}
        </Text>
        {removed ? (
          <Button size="xs" variant="default" onClick={() => onChange(undefined)}>
            Keep
          </Button>
        ) : (
          <>
            <Button
              size="xs"
              variant="default"
              disabled={disabled}
              data-invalid-field={error === undefined ? undefined : 'true'}
              onClick={() => setReplacing(true)}
            >
              Replace
            </Button>
            {!required && (
              <Button size="xs" variant="subtle" color="red" disabled={disabled} onClick={() => onChange(null)}>
                Remove
              </Button>
            )}
          </>
        )}
      </Group>
    </Input.Wrapper>
  );
}

/** The API's hint is the end of the secret behind dots. */
function storedText({ hint }: StoredSecret): string {
  const end = hint?.replace(/^[.…*•]+/, '') ?? '';
  return end === '' ? 'Set.' : `Set, ends in ${end}`;
}
