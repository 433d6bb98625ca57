import type { RequestHandler } from 'express';
import { pointerTo } from '../secrets/json-pointer.js';
import { type FieldError, Problem } from './problem.js';

/** Deeper than any config; what walks a body by recursion stays far from the end of the stack. */
const MOST_LEVELS = 100;

/** Refuses what no database could hold or no reader could walk, before anybody looks at the body. */
export const wellFormedBody: RequestHandler = (request, _response, next) => {
  const body: unknown = request.body;
  next(bodyProblem(body));
};

function bodyProblem(body: unknown): Problem | undefined {
  const errors: FieldError[] = [];
  let level: readonly Place[] = [{ path: '', value: body }];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_LEVELS) return Problem.badRequest(`The body nests deeper than ${MOST_LEVELS} levels.`);
    const next: Place[] = [];
    for (const { path, value } of level) {
      if (typeof value === 'string') errors.push(...textErrors(path, value));
      else if (typeof value === 'object' && value !== null) {
        for (const [key, inner] of Object.entries(value)) {
          const at = path + pointerTo(key);
          errors.push(...textErrors(at, key));
          next.push({ path: at, value: inner });
        }
      }
    }
    level = next;
  }
  return errors.length > 0 ? Problem.invalid(errors.slice(0, 20)) : undefined;
}

interface Place {
  readonly path: string;
  readonly value: unknown;
}

/** PostgreSQL keeps neither in a text nor in a jsonb. */
function textErrors(path: string, text: string): readonly FieldError[] {
  if (text.includes('\0')) {
    return [{ path, message: 'holds the character NUL (\\u0000), which cannot be stored' }];
  }
  if (/\p{Surrogate}/u.test(text)) return [{ path, message: 'holds half of a character (a lone surrogate)' }];
  return [];
}
