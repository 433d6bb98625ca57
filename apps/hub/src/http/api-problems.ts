import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiResponse } from '@nestjs/swagger';

class FieldErrorView {
  @ApiProperty({
    description: 'JSON Pointer into the body, or ?name of a query parameter.',
    example: '/config/instance',
  })
  path: string;

  @ApiProperty({ example: 'is required' })
  message: string;
}

/** RFC 9457, as OpenAPI shows it. */
export class ProblemView {
  @ApiProperty({ example: 'about:blank' })
  type: string;

  @ApiProperty({ example: 'Unprocessable Entity' })
  title: string;

  @ApiProperty({ example: 422 })
  status: number;

  @ApiProperty({ description: 'A sentence for people.' })
  detail: string;

  @ApiProperty({ type: [FieldErrorView], required: false })
  errors?: FieldErrorView[];
}

const meanings: Readonly<Record<number, string>> = {
  400: 'Malformed: no valid JSON, or a bad query parameter or cursor.',
  401: 'No token, or one that is unknown.',
  403: 'A change by cookie without the console header.',
  404: 'There is no such thing.',
  409: 'In the way: a duplicate, in use, paused, or changed meanwhile.',
  413: 'The body is too large.',
  422: 'A value that cannot be, or an unknown field; `errors` names the place.',
  429: 'Too often; Retry-After says when again.',
  502: 'The remote system failed.',
  503: 'The database cannot be reached.',
};

/** Documents the problems a route answers with. */
export function ApiProblems(...statuses: readonly number[]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ...statuses.map((status) =>
      ApiResponse({
        status,
        description: meanings[status] ?? 'A problem.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemView' } } },
      }),
    ),
  );
}
