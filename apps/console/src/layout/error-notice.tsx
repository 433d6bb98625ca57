import { Alert, Button, List, Text } from '@mantine/core';
import { ApiError } from '../api/problem.js';

interface ErrorNoticeProps {
  error: unknown;
  title?: string;
  onRetry?: () => void;
}

/** Says what went wrong, with the fields the hub named, and offers to try again. */
export function ErrorNotice({ error, title = 'This did not work', onRetry }: ErrorNoticeProps) {
  const fields = error instanceof ApiError ? error.errors : [];
  return (
    <Alert color="red" title={title} role="alert">
      <Text size="sm" className="wrap-anywhere">
        {errorText(error)}
      </Text>
      {fields.length > 0 && (
        <List size="sm" mt="xs">
          {fields.map((field) => (
            <List.Item key={`${field.path} ${field.message}`}>
              {field.path === '' ? field.message : `${field.path}: ${field.message}`}
            </List.Item>
          ))}
        </List>
      )}
      {onRetry && (
        <Button size="xs" variant="light" color="red" mt="sm" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
