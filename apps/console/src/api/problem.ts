/** One invalid value: `path` is a JSON Pointer into the request's body. */
export interface FieldError {
  path: string;
  message: string;
}

/** An answer of the hub that is not a success, or no answer at all (`status` 0). */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    message: string,
    readonly errors: readonly FieldError[] = [],
  ) {
    super(message);
  }
}

/** Reads `application/problem+json`; an answer of any other shape becomes a sentence about its status. */
export async function parseProblem(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined);
  if (typeof body !== 'object' || body === null) {
    return new ApiError(
      response.status,
      `The hub answered ${response.status} ${response.statusText}.`.replace(' .', '.'),
    );
  }
  const detail = 'detail' in body && typeof body.detail === 'string' ? body.detail : undefined;
  const title = 'title' in body && typeof body.title === 'string' ? body.title : `Error ${response.status}`;
  const errors = 'errors' in body && Array.isArray(body.errors) ? body.errors.filter(isFieldError).map(asSentence) : [];
  return new ApiError(response.status, detail ?? title, errors);
}

/** The hub's messages go on from the field's name (`must be a text`); here they stand below it. */
function asSentence({ path, message }: FieldError): FieldError {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return { path, message: /[.!?]$/.test(text) ? text : `${text}.` };
}

function isFieldError(value: unknown): value is FieldError {
  return (
    typeof value === 'object' &&
    value !== null &&
    'path' in value &&
    typeof value.path === 'string' &&
    'message' in value &&
    typeof value.message === 'string'
  );
}
