import { TextInput } from '@mantine/core';
import type { CredentialName, Instance, InstanceKind, StoredSecret } from '../../api/types.js';
import { SecretField } from '../../forms/secret-field.js';

interface CredentialFieldsProps {
  kind: InstanceKind;
  stored?: Instance['credentials'];
  values: Partial<Record<CredentialName, string | null>>;
  errorAt: (pointer: string) => string | undefined;
  onChange: (name: CredentialName, value: string | null | undefined) => void;
}

/** The credentials a kind of system takes. All are secrets but those its metadata says are not. */
export function CredentialFields({ kind, stored, values, errorAt, onChange }: CredentialFieldsProps) {
  return kind.credentials.map((field) => {
    const known = maskedSecret(stored?.[field.name]);
    const shared = {
      label: field.label,
      description: field.help,
      required: field.required,
      error: errorAt(`/credentials/${field.name}`),
    };
    // What the API masks is a secret, whatever else is declared.
    if (field.secret !== false || known !== undefined) {
      return (
        <SecretField
          key={field.name}
          {...shared}
          stored={known}
          value={values[field.name]}
          onChange={(value) => onChange(field.name, value)}
        />
      );
    }
    return (
      <TextInput
        key={field.name}
        {...shared}
        autoComplete="off"
        value={values[field.name] ?? ''}
        onChange={(event) => onChange(field.name, event.currentTarget.value === '' ? null : event.currentTarget.value)}
      />
    );
  });
}

function maskedSecret(value: StoredSecret | string | null | undefined): StoredSecret | undefined {
  return typeof value === 'object' && value !== null ? value : undefined;
}
