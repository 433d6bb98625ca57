import { applyDecorators, ValidationPipe } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsOptional, IsString, Length, ValidateIf, type ValidationError } from 'class-validator';
import { pointerTo } from '../secrets/json-pointer.js';
import { type FieldError, Problem } from './problem.js';

/** May be absent, but not null. */
export const Absent = (): PropertyDecorator => ValidateIf((_, value: unknown) => value !== undefined);

/** May be absent, or null to remove it. */
export const Removable = (): PropertyDecorator => applyDecorators(IsOptional());

/** What people call something: 1 to 200 characters, without the spaces around them. */
export const IsName = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value)),
    // As if stacked: the last one is looked at first.
    Length(1, 200),
    IsString(),
  );

/** Bodies are checked by the decorators of their class; an unknown field is an error, named by its path. */
export function createValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    exceptionFactory: (errors) => Problem.invalid(errors.flatMap((error) => fieldErrors(error, ''))),
  });
}

function fieldErrors(error: ValidationError, parent: string): readonly FieldError[] {
  // An error about the body as a whole has no property.
  const path = error.property ? parent + pointerTo(error.property) : parent;
  // Decorators are listed from the last to the first, and the first says the type: a number has no length.
  const [rule, message] = Object.entries(error.constraints ?? {}).at(-1) ?? [];
  const text =
    rule === 'whitelistValidation' ? 'is not a field of this request' : withoutSubject(message ?? '', error.property);
  return [
    ...(rule === undefined ? [] : [{ path, message: text }]),
    ...(error.children ?? []).flatMap((child) => fieldErrors(child, path)),
  ];
}

/** "name must be a string" under the path /name: "must be a string". */
function withoutSubject(message: string, property: string): string {
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
}
