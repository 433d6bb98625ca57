import { GraphQLError } from 'graphql';
import type { Project } from '../../model/project.js';
import { connection } from '../connection/connection.js';
import { sorted, type Order } from '../connection/order.js';
import type { PageArguments } from '../connection/page.js';
import type { GraphQlCall, Views } from '../graphql-call.js';
import { parseGlobalId } from '../schema/global-id.js';
import { mergeRequestView } from './merge-request.js';
import { pipelineView } from './pipeline.js';
import { projectView } from './project.js';
import { repositoryDetailsView } from './registry.js';
import { userView } from './user.js';

export const views: Views = { project: projectView, mergeRequest: mergeRequestView, pipeline: pipelineView };

/** How many paths `projects` takes. Source: app/graphql/resolvers/projects_resolver.rb */
const pathMaximum = 50;

interface ProjectFilters {
  readonly fullPaths?: readonly string[] | null;
  readonly ids?: readonly string[] | null;
  readonly membership?: boolean | null;
  readonly search?: string | null;
  readonly sort?: string | null;
}

/** The entry points. What the viewer may not see is null, or left out of a list without a word. */
export function queryView(call: GraphQlCall) {
  const { site, viewer } = call;
  const { world } = site;
  return {
    containerRepository: ({ id }: { id: string }) => {
      const repository = world.registry.find(parseGlobalId(id, 'ContainerRepository') ?? 0);
      if (repository === undefined || !viewer.reads(repository.project, 'container_registry')) return null;
      return repositoryDetailsView(call, repository);
    },
    currentUser: () => (viewer.user === undefined ? null : userView(call, viewer.user)),
    metadata: { enterprise: site.edition === 'ee', revision: 'a1b2c3d4e5f', version: site.version },
    /** By the present full path only: former ones lead nowhere. */
    project: ({ fullPath }: { fullPath: string }) => {
      const project = world.projects.find(fullPath);
      return project === undefined || !viewer.sees(project) ? null : projectView(call, project);
    },
    projects: (args: PageArguments & ProjectFilters) => projectsView(call, args),
    queryComplexity: { limit: call.limit, score: call.score },
  };
}

function projectsView(call: GraphQlCall, args: PageArguments & ProjectFilters) {
  const { world } = call.site;
  const { fullPaths, membership, search } = args;
  if (fullPaths !== undefined && fullPaths !== null && fullPaths.length > pathMaximum) {
    throw new GraphQLError(`You cannot provide more than ${pathMaximum} full_paths`);
  }
  const ids = args.ids === undefined || args.ids === null ? undefined : new Set(args.ids.map(projectId));
  const paths = fullPaths?.map((path) => path.toLowerCase());
  const { user } = call.viewer;
  const rows = [...world.projects.byId.values()].filter(
    (project) =>
      (ids?.has(project.id) ?? true) &&
      (paths?.includes(project.fullPath.toLowerCase()) ?? true) &&
      (typeof search !== 'string' || `${project.name} ${project.path}`.toLowerCase().includes(search.toLowerCase())) &&
      (membership !== true ||
        (user !== undefined && world.projects.accessLevel(project, { ...user, admin: false }) > 0)) &&
      call.viewer.sees(project),
  );
  const order: Order<Project> = [
    { name: 'id', of: (row) => row.id, direction: args.sort === 'id_asc' ? 'asc' : 'desc' },
  ];
  return connection(call, { rows: sorted(rows, order), order, args, view: (row) => projectView(call, row) });
}

function projectId(id: string): number {
  const parsed = parseGlobalId(id, 'Project');
  if (parsed !== undefined) return parsed;
  throw new GraphQLError(
    id.startsWith('gid://') ? `"${id}" is not a valid ID for Project.` : `"${id}" is not a valid GitLab ID.`,
  );
}
