import type { Site } from '../entities/site.js';
import type { MergeRequest } from '../model/merge-request.js';
import type { Pipeline } from '../model/pipeline.js';
import type { Project } from '../model/project.js';
import type { Viewer } from './viewer.js';

/** One query on its way: what views need besides the object they show. */
export interface GraphQlCall {
  readonly site: Site;
  readonly viewer: Viewer;
  /** What the server reckons the query to cost, and what it may. */
  readonly score: number;
  readonly limit: number;
  /** A server without the registry's metadata database knows less about tags. */
  readonly registry: RegistryKind;
  /** Cursors are ignored, as by a broken proxy cache. */
  readonly repeatsFirstPage: boolean;
  /** The views that show each other, so that their files need not know one another. */
  readonly views: Views;
}

export interface Views {
  readonly project: (call: GraphQlCall, project: Project) => object;
  readonly mergeRequest: (call: GraphQlCall, mergeRequest: MergeRequest) => object;
  readonly pipeline: (call: GraphQlCall, pipeline: Pipeline) => object;
}

/**
 * - `database`: the registry's metadata database is there, tags have a time of publication.
 * - `plain`: it is not; the time is null, and an order by it is the order of names, reversed for `PUBLISHED_AT_DESC`.
 *   Source: app/graphql/resolvers/container_repository_tags_resolver.rb
 * - `refusing`: as `plain`, but that order is refused.
 */
export type RegistryKind = 'database' | 'plain' | 'refusing';
