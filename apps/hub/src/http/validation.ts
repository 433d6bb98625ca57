import { applyDecorators, ValidationPipe } from '@nestjs/common';
import { IsOptional, ValidateIf, type ValidationError } from 'class-validator';
import { pointerTo } from '../secrets/json-pointer.js';
import { type FieldError, Problem } from './problem.js';

/** May be absent, but not null. */
export const Absent = (): PropertyDecorator => ValidateIf((_, value: unknown) => value !== undefined);

/** May be absent, or null to remove it. */
export const Removable = (): PropertyDecorator => applyDecorators(IsOptional());

/** Bodies are checked by the decorators of their class; an unknown field is an error, named by its path. */
export function createValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => Problem.invalid(errors.flatMap((error) => fieldErrors(error, ''))),
  });
}

function fieldErrors(error: ValidationError, parent: string): readonly FieldError[] {
  // An error about the body as a whole has no property.
  const path = error.property ? parent + pointerTo(error.property) : parent;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    path,
    message:
      rule === 'whitelistValidation' ? 'is not a field of this request' : withoutSubject(message, error.property),
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, path))];
}

/** "name must be a string" under the path /name: "must be a string". */
function withoutSubject(message: string, property: string): string {
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
}
