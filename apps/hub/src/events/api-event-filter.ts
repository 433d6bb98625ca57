import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';

/** The timeline's filter parameters, as OpenAPI shows them. */
export function ApiEventFilter(): MethodDecorator {
  const list = (name: string, description?: string) =>
    ApiQuery({ name, required: false, isArray: true, type: String, ...(description ? { description } : {}) });
  const one = (name: string, description: string) => ApiQuery({ name, required: false, type: String, description });
  return applyDecorators(
    list('connectionId'),
    list('eventType'),
    list('status'),
    list('author'),
    list('project', 'Id at the source, or full path, also a former one: all events of the project.'),
    list('tag', 'Tag of the connection.'),
    one('q', 'All words, prefixes, any case, over title, description, author and sha.'),
    one('from', 'ISO 8601, inclusive.'),
    one('to', 'ISO 8601, exclusive.'),
  );
}
