import { Alert, List } from '@mantine/core';
import type { FieldError } from '../api/problem.js';

/** Errors that have no field of their own in the form. */
export function FormErrors({ errors }: { errors: readonly FieldError[] }) {
  if (errors.length === 0) return null;
  return (
    <Alert color="red" title="Please correct this" role="alert">
      <List size="sm">
        {errors.map((error) => (
          <List.Item key={`${error.path} ${error.message}`}>
            {error.path === '' ? error.message : `${error.path}: ${error.message}`}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
