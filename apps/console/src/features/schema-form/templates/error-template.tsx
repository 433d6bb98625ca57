import { Text } from '@mantine/core';
import type { FieldErrorProps } from '@rjsf/utils';
import { errorId } from '@rjsf/utils';

/** Inputs show their own errors; this one is for groups and lists of groups, which have no input. */
export function ErrorTemplate({ errors = [], schema, uiSchema, fieldPathId }: FieldErrorProps) {
  const container = (schema.type === 'object' || schema.type === 'array') && uiSchema?.['ui:widget'] === undefined;
  if (!container || errors.length === 0) return null;
  return (
    <Text id={errorId(fieldPathId)} size="sm" c="red" role="alert">
      {errors.map((error, index) => (
        <span key={index}>{error} </span>
      ))}
    </Text>
  );
}
