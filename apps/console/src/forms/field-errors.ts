import { useCallback, useMemo, useState } from 'react';
import { ApiError, type FieldError } from '../api/problem.js';

export interface FieldErrors {
  /** The message for the field at this JSON Pointer or anywhere below it, if there is one. */
  at: (pointer: string) => string | undefined;
  /** Errors that belong to none of these pointers: shown above the form, so that none is lost. */
  outside: (pointers: readonly string[]) => readonly FieldError[];
  all: readonly FieldError[];
  set: (errors: readonly FieldError[]) => void;
  /** Forgets the errors at and below a pointer, because its value is being changed. */
  clear: (pointer: string) => void;
}

const isUnder = (path: string, pointer: string) => path === pointer || path.startsWith(`${pointer}/`);

/** What is wrong with a form's values, by JSON Pointer as the hub names them. */
export function useFieldErrors(): FieldErrors {
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const clear = useCallback(
    (pointer: string) =>
      setErrors((old) =>
        old.some((error) => isUnder(error.path, pointer)) ? old.filter((error) => !isUnder(error.path, pointer)) : old,
      ),
    [],
  );
  return useMemo(
    () => ({
      all: errors,
      at: (pointer) => {
        const messages = errors.filter((error) => isUnder(error.path, pointer)).map((error) => error.message);
        return messages.length === 0 ? undefined : messages.join(' ');
      },
      outside: (pointers) => errors.filter((error) => !pointers.some((pointer) => isUnder(error.path, pointer))),
      set: setErrors,
      clear,
    }),
    [errors, clear],
  );
}

/** The fields a failed request names; none for other failures. */
export function fieldErrorsOf(error: unknown): readonly FieldError[] {
  return error instanceof ApiError ? error.errors : [];
}

const invalid = ['input', 'textarea', 'select', 'button'].map((tag) => `${tag}[aria-invalid="true"]`);

/** How many frames drawing may take on a busy machine before we stop looking. */
const MOST_FRAMES = 120;

/** Moves the keyboard to the first field marked as wrong, once it has been drawn. */
export function focusFirstInvalid(form: HTMLElement | null, frames = MOST_FRAMES): void {
  requestAnimationFrame(() => {
    const field = form?.querySelector<HTMLElement>([...invalid, '[data-invalid-field="true"]'].join());
    if (field) {
      field.focus();
      field.scrollIntoView({ block: 'center' });
    } else if (frames > 1) {
      focusFirstInvalid(form, frames - 1);
    }
  });
}
