import { Alert, Button, Code, FileInput, Group, List, Modal, Stack, Text, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { MappingImport } from '../../api/sync-types.js';
import { ErrorNotice } from '../../layout/error-notice.js';
import { useImportMappings } from './user-mappings.js';

/** Stores a table of mappings; each line stands for itself. */
export function ImportDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Import mappings"
      closeButtonProps={{ 'aria-label': 'Close' }}
      size="lg"
    >
      <ImportForm onClose={onClose} />
    </Modal>
  );
}

const header = 'sourceInstanceId,sourceUsername,targetInstanceId,targetUsername';

function ImportForm({ onClose }: { onClose: () => void }) {
  const [csv, setCsv] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [missing, setMissing] = useState(false);
  const load = useImportMappings();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(csv.trim() === '');
    if (csv.trim() !== '') load.mutate(csv);
  };
  const take = async (chosen: File | null) => {
    setFile(chosen);
    if (chosen === null) return;
    setCsv(decode(await chosen.arrayBuffer()));
    setMissing(false);
    load.reset();
  };
  return (
    <form onSubmit={submit} noValidate aria-label="Import mappings">
      <Stack>
        <Text size="sm">
          A table with the first line <Code className="wrap-anywhere">{header}</Code>. Instances by their names or ids.
          Who is mapped already is corrected.
        </Text>
        <FileInput
          label="File"
          placeholder="Choose a CSV file"
          accept=".csv,text/csv,text/plain"
          clearable
          value={file}
          onChange={(chosen) => void take(chosen)}
        />
        <Textarea
          label="Or its text"
          autosize
          minRows={5}
          maxRows={12}
          placeholder={`${header}\nProduction,alice,Mirror,a.liddell`}
          value={csv}
          error={missing ? 'Choose a file or paste its text.' : undefined}
          onChange={(event) => {
            setCsv(event.currentTarget.value);
            setMissing(false);
          }}
        />
        {load.error !== null && <ErrorNotice title="Nothing was imported" error={load.error} />}
        {load.data !== undefined && <Outcome outcome={load.data} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {load.data === undefined ? 'Cancel' : 'Close'}
          </Button>
          <Button type="submit" loading={load.isPending}>
            Import
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Spreadsheets write UTF-16 with a byte order mark, or UTF-8. */
function decode(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes);
  return new TextDecoder(first === 0xff && second === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes);
}

/** Lines that were refused stand with their number, so that they are found in the file. */
function Outcome({ outcome: { created, updated, unchanged, errors, warnings } }: { outcome: MappingImport }) {
  return (
    <>
      <Alert
        color={errors.length > 0 ? 'yellow' : 'teal'}
        role="status"
        title={`${created} added, ${updated} corrected`}
      >
        <Text size="sm">{unchanged} were there already.</Text>
        {warnings.map((warning) => (
          <Text key={warning} size="sm">
            {warning}
          </Text>
        ))}
      </Alert>
      {errors.length > 0 && (
        <Alert
          color="red"
          role="alert"
          title={errors.length === 1 ? '1 line was not imported' : `${errors.length} lines were not imported`}
        >
          <List
            size="sm"
            mah={220}
            style={{ overflowY: 'auto' }}
            tabIndex={0}
            aria-label="Lines that were not imported"
          >
            {errors.map(({ line, message }) => (
              <List.Item key={`${line} ${message}`}>
                Line {line}: {message}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </>
  );
}
