import { type RefObject, useMemo, useState } from 'react';
import type { JsonObject } from '../../api/json.js';
import type { FieldError } from '../../api/problem.js';
import type { Connection, Connector, TestReport } from '../../api/types.js';
import { fieldErrorsOf, type FieldErrors, focusFirstInvalid, useFieldErrors } from '../../forms/field-errors.js';
import { type ConfigForm, useConfigForm } from '../schema-form/config-form.js';
import {
  bodyOfConnection,
  checkConnectionDraft,
  type ConnectionDraft,
  draftOfConnection,
  followStored,
  patchOfConnection,
} from './connection-draft.js';
import { useSaveConnection, useTestConnection } from './connections.js';

interface ConnectionFormInput {
  connector: Connector;
  connection?: Connection;
  schema: JsonObject;
  element: RefObject<HTMLFormElement | null>;
  onSaved: (connection: Connection) => void;
}

interface ConnectionFormState {
  draft: ConnectionDraft;
  change: (pointer: string, patch: Partial<ConnectionDraft>) => void;
  config: ConfigForm;
  errors: FieldErrors;
  otherErrors: readonly FieldError[];
  dirty: boolean;
  saving: boolean;
  /** A failure that names no field. */
  saveError: Error | null;
  save: () => void;
  runTest: () => void;
  test: { report?: TestReport; error: Error | null; testing: boolean; note?: string };
}

const ownFields = ['/name', '/description', '/enabled', '/schedule', '/tags'];
const noConfig: JsonObject = {};

/** What the connection form knows and does; the form itself only draws it. */
export function useConnectionForm({
  connector,
  connection,
  schema,
  element,
  onSaved,
}: ConnectionFormInput): ConnectionFormState {
  const stored = useStable(connection?.config ?? noConfig);
  const initial = useMemo(() => draftOfConnection(connector, connection), [connector, connection]);
  const [draft, setDraft] = useState(initial);
  const [base, setBase] = useState(initial);
  if (base !== initial) {
    // It was read again: what nobody edits here follows what is stored.
    setBase(initial);
    setDraft(followStored(draft, base, initial));
  }
  const config = useConfigForm(schema, stored);
  const errors = useFieldErrors();
  const saving = useSaveConnection(connection?.id);
  const testing = useTestConnection();

  const body =
    connection === undefined
      ? { connectorId: connector.id, ...bodyOfConnection(draft), config: config.values }
      : {
          ...patchOfConnection(initial, draft),
          ...(Object.keys(config.patch).length === 0 ? {} : { config: config.patch }),
        };
  const configChanged = connection === undefined || Object.keys(config.patch).length > 0;

  /** Puts errors at their fields, wherever those are; tells whether there were any. */
  const refuse = (found: readonly FieldError[]): boolean => {
    errors.set(found.filter((error) => !isConfig(error)));
    config.showErrors(found.filter(isConfig).map((error) => ({ ...error, path: error.path.slice('/config'.length) })));
    if (found.length > 0) focusFirstInvalid(element.current);
    return found.length > 0;
  };

  const save = () => {
    const found = checkConnectionDraft(draft);
    errors.set(found);
    const valid = config.validate() && found.length === 0;
    if (!valid) {
      focusFirstInvalid(element.current);
      return;
    }
    saving.mutate(body, {
      onSuccess: (saved) => {
        setDraft(draftOfConnection(connector, saved));
        config.reset();
        onSaved(saved);
      },
      onError: (error) => refuse(fieldErrorsOf(error)),
    });
  };

  const runTest = () => {
    if (connection !== undefined && !configChanged) return testing.mutate({ id: connection.id });
    if (!config.validate()) return focusFirstInvalid(element.current);
    testing.mutate(
      { connectorId: connector.id, config: withoutNulls(config.values) },
      { onError: (error) => refuse(fieldErrorsOf(error)) },
    );
  };

  return {
    draft,
    change: (pointer, patch) => {
      errors.clear(pointer);
      setDraft((old) => ({ ...old, ...patch }));
    },
    config,
    errors,
    otherErrors: [...errors.outside(ownFields), ...config.otherErrors],
    dirty: connection === undefined || Object.keys(body).length > 0,
    saving: saving.isPending,
    saveError: fieldErrorsOf(saving.error).length > 0 ? null : saving.error,
    save,
    runTest,
    test: {
      report: testing.data,
      error: fieldErrorsOf(testing.error).length > 0 ? null : testing.error,
      testing: testing.isPending,
      note:
        connection !== undefined && configChanged && config.keepsSecrets
          ? 'The test uses the changed settings. Stored secrets of this form are not part of it until you save.'
          : undefined,
    },
  };
}

function isConfig(error: FieldError): boolean {
  return error.path === '/config' || error.path.startsWith('/config/');
}

/** A removed secret is null in the form; settings to be tried have no such thing. */
function withoutNulls(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

/** The same object as long as it says the same, so that reading a connection again does not reset its form. */
function useStable(value: JsonObject): JsonObject {
  const [kept, setKept] = useState(value);
  if (kept !== value && JSON.stringify(kept) !== JSON.stringify(value)) {
    setKept(value);
    return value;
  }
  return kept;
}
