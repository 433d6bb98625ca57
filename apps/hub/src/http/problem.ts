import { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';

/** Where in the request something is wrong, and what. */
export interface FieldError {
  /** JSON Pointer into the body, e.g. `/config/target/project`; `?name` for a query parameter. */
  readonly path: string;
  readonly message: string;
}

/** RFC 9457. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}

/** The one error the API answers with. `detail` is a sentence for people and carries no secrets. */
export class Problem extends HttpException {
  readonly errors: readonly FieldError[] | undefined;
  /** Extra response headers, e.g. Retry-After. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    readonly detail: string,
    options: {
      readonly errors?: readonly FieldError[];
      readonly headers?: Readonly<Record<string, string>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(detail, status, { cause: options.cause });
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }

  get body(): ProblemBody {
    const status = this.getStatus();
    return {
      type: 'about:blank',
      title: STATUS_CODES[status] ?? 'Error',
      status,
      detail: this.detail,
      ...(this.errors ? { errors: this.errors } : {}),
    };
  }

  static badRequest(detail: string, errors?: readonly FieldError[]): Problem {
    return new Problem(400, detail, { errors });
  }

  static unauthorized(detail: string): Problem {
    return new Problem(401, detail, { headers: { 'www-authenticate': 'Bearer realm="syncline"' } });
  }

  static forbidden(detail: string): Problem {
    return new Problem(403, detail);
  }

  /** `what` as in "connection 4711". */
  static notFound(what: string): Problem {
    return new Problem(404, `There is no ${what}.`);
  }

  static conflict(detail: string, errors?: readonly FieldError[]): Problem {
    return new Problem(409, detail, { errors });
  }

  /** Values that were understood and refused. The first one becomes the sentence. */
  static invalid(errors: readonly FieldError[], detail?: string): Problem {
    const first = errors[0];
    const sentence = first
      ? `${first.path === '' ? 'The body' : first.path} ${first.message}.`
      : 'The body is invalid.';
    return new Problem(422, detail ?? sentence.replace(/\.\.$/, '.'), { errors });
  }
}
