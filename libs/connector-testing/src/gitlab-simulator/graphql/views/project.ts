import { projectUrl } from '../../entities/site.js';
import type { Project } from '../../model/project.js';
import type { PageArguments } from '../connection/page.js';
import type { GraphQlCall } from '../graphql-call.js';
import { globalId } from '../schema/global-id.js';
import type { MergeRequestFilters } from './merge-request-filters.js';
import { mergeRequestsView, type MergeRequestSort } from './merge-request.js';
import { pipelinesView, type PipelineFilters } from './pipeline.js';
import { repositoriesView, type RepositorySort } from './registry.js';
import { releasesView, type ReleaseSort } from './release.js';
import { repositoryView } from './repository.js';

export function projectView(call: GraphQlCall, project: Project) {
  return {
    archived: project.archived,
    containerRepositories: (args: PageArguments & { name?: string | null; sort: RepositorySort | null }) =>
      repositoriesView(call, project, args),
    createdAt: project.createdAt,
    description: project.description,
    fullPath: project.fullPath,
    id: globalId('Project', project.id),
    lastActivityAt: project.lastActivityAt,
    mergeRequests: (args: PageArguments & MergeRequestFilters & { sort: MergeRequestSort | null }) =>
      mergeRequestsView(call, project, args),
    name: project.name,
    path: project.path,
    pipelines: (args: PageArguments & PipelineFilters) => pipelinesView(call, project, args),
    releases: (args: PageArguments & { sort: ReleaseSort | null }) => releasesView(call, project, args),
    repository: () => (call.viewer.reads(project, 'repository') ? repositoryView(call, project) : null),
    updatedAt: project.updatedAt,
    visibility: project.visibility,
    webUrl: projectUrl(call.site, project),
  };
}
