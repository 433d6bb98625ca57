import { applyDecorators, Delete, Get, HttpCode, Patch, Post, type Type } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  type ApiQueryOptions,
  ApiQuery,
} from '@nestjs/swagger';
import { ApiProblems } from './api-problems.js';

/** What the routes of one kind of thing answer with. */
export interface ResourceViews {
  readonly one: Type;
  /** A page: `items` and `nextCursor`. */
  readonly list: Type;
}

/** Routes as method decorators. A summary is the line that the documentation of the API shows. */
export interface ResourceRoutes {
  /** `GET /`: takes `limit` and `cursor`, and the filters that are named. */
  list(summary: string, ...filters: readonly ApiQueryOptions[]): MethodDecorator;
  /** `POST /`: 201. */
  create(summary: string): MethodDecorator;
  /** `GET /:id` */
  read(summary: string): MethodDecorator;
  /** `PATCH /:id` */
  update(summary: string): MethodDecorator;
  /** `DELETE /:id`: 204. Which problems it has beside 401 and 404 differs. */
  remove(summary: string, ...problems: readonly number[]): MethodDecorator;
}

/** The routes that things with an id have in common, each with its method, status, page parameters and problems. */
export function resourceRoutes({ one, list }: ResourceViews): ResourceRoutes {
  const optional = (name: string): MethodDecorator => ApiQuery({ name, required: false });
  return {
    list: (summary, ...filters) =>
      applyDecorators(
        Get(),
        ApiOperation({ summary }),
        ...filters.map((filter) => ApiQuery(filter)),
        optional('limit'),
        optional('cursor'),
        ApiOkResponse({ type: list }),
        ApiProblems(400, 401),
      ),
    create: (summary) =>
      applyDecorators(
        Post(),
        ApiOperation({ summary }),
        ApiCreatedResponse({ type: one }),
        ApiProblems(400, 401, 409, 413, 422),
      ),
    read: (summary) =>
      applyDecorators(Get(':id'), ApiOperation({ summary }), ApiOkResponse({ type: one }), ApiProblems(401, 404)),
    update: (summary) =>
      applyDecorators(
        Patch(':id'),
        ApiOperation({ summary }),
        ApiOkResponse({ type: one }),
        ApiProblems(400, 401, 404, 409, 413, 422),
      ),
    remove: (summary, ...problems) =>
      applyDecorators(
        Delete(':id'),
        HttpCode(204),
        ApiOperation({ summary }),
        ApiNoContentResponse({ description: 'It is gone.' }),
        ApiProblems(401, 404, ...problems),
      ),
  };
}
