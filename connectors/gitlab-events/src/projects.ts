import { ConnectorError, type JsonObject, type Session } from '@syncline/connector-sdk';
import { getProject, groupProjects, memberProjects, type GitLabClient, type ProjectRecord } from '@syncline/gitlab';
import { concurrently } from './concurrently.js';
import type { Settings } from './config.js';

/** Member projects beyond this are not counted: a count is not worth a hundred requests at each poll. */
const mostCounted = 500;

/** Numeric id by the name in the config: a name may stop to lead anywhere when the project is renamed. */
export type KnownIds = Readonly<Record<string, number>>;

/** What the config selects, at this moment. */
export interface Selection {
  readonly projects: readonly ProjectRecord[];
  /** Numeric ids of the projects that the config names. */
  readonly ids: KnownIds;
  /** Selected, but not readable; the others are read nevertheless. */
  readonly failures: readonly { readonly name: string; readonly error: ConnectorError }[];
  /** With a limit: how many there are in all; `atLeast` where nobody counted to the end. */
  readonly total: number;
  readonly atLeast: boolean;
}

/**
 * Explicit projects and those of groups; without either, the projects the token is a member of, lowest id first, up to the
 * limit. Throws where nothing can be read at all.
 */
export async function selectProjects(
  client: GitLabClient,
  settings: Settings,
  known: KnownIds = {},
): Promise<Selection> {
  const { projects, groups } = settings;
  const selection =
    projects.length + groups.length > 0
      ? await namedProjects(client, settings, known)
      : await ownProjects(client, settings);
  if (selection.projects.length > 0) return selection;
  const [failure] = selection.failures;
  if (failure !== undefined) throw failure.error;
  throw new ConnectorError('config', 'The token is a member of no project, and the config names none', {
    hint: 'Make the user of the token a member of the projects, or name public projects in the config.',
    path: '/config/projects',
  });
}

/** `10 of 37 projects`, as the run and the check say it. */
export function describeSelection({ projects, total, atLeast }: Selection): string {
  if (projects.length === total && !atLeast) return `${total} ${total === 1 ? 'project' : 'projects'}`;
  return `${projects.length} of ${atLeast ? 'more than ' : ''}${total} projects`;
}

async function namedProjects(client: GitLabClient, settings: Settings, known: KnownIds): Promise<Selection> {
  const found = new Map<number, ProjectRecord>();
  const ids: Record<string, number> = {};
  const failures: { name: string; error: ConnectorError }[] = [];
  const take = async (name: string, path: string, read: () => Promise<void>): Promise<void> => {
    try {
      await read();
    } catch (error) {
      failures.push({ name, error: ofThisName(ConnectorError.from(error), path) });
    }
  };
  await concurrently([...settings.projects.entries()], ([index, project]) =>
    take(`projects/${project}`, `/config/projects/${index}`, async () => {
      const record = await findProject(client, project, known[project]);
      found.set(record.id, record);
      ids[project] = record.id;
    }),
  );
  for (const [index, group] of settings.groups.entries()) {
    await take(`groups/${group}`, `/config/groups/${index}`, async () => {
      for await (const { items } of groupProjects(client, group)) {
        for (const item of items) if (item.ok) found.set(item.value.id, item.value);
      }
    });
  }
  const projects = [...found.values()].sort((a, b) => a.id - b.id).filter(isAlive);
  return { projects, ids, failures, total: projects.length, atLeast: false };
}

/** By its id where that is known. A project that was deleted and made again has another one: then the name decides. */
async function findProject(client: GitLabClient, name: string, id: number | undefined): Promise<ProjectRecord> {
  if (id === undefined) return getProject(client, /^\d+$/.test(name) ? Number(name) : name);
  try {
    return await getProject(client, id);
  } catch (error) {
    if (ConnectorError.from(error).status !== 404) throw error;
    return getProject(client, name);
  }
}

async function ownProjects(client: GitLabClient, { limit }: Settings): Promise<Selection> {
  const projects: ProjectRecord[] = [];
  let total = 0;
  for await (const { items, cursor } of memberProjects(client)) {
    const alive = items.flatMap((item) => (item.ok && isAlive(item.value) ? [item.value] : []));
    projects.push(...alive.slice(0, limit - projects.length));
    total += alive.length;
    const goesOn = cursor.page !== undefined;
    if (goesOn && projects.length === limit && total >= mostCounted) {
      return { projects, ids: {}, failures: [], total, atLeast: true };
    }
  }
  return { projects, ids: {}, failures: [], total, atLeast: false };
}

/** What concerns one name is kept beside it; what concerns the instance is thrown. */
function ofThisName(error: ConnectorError, path: string): ConnectorError {
  const concernsName = error.status === 404 || error.status === 403 || error.kind === 'permanent';
  if (!concernsName) throw error;
  const { message, hint, status } = error;
  return new ConnectorError('config', message, { hint, status, path, cause: error });
}

function isAlive(project: ProjectRecord): boolean {
  return !project.markedForDeletion;
}

/** A project as a checkpoint holds it. */
export function projectToJson({ lastActivityAt: _lastActivityAt, ...project }: ProjectRecord): JsonObject {
  return project;
}

/** Only for what `projectToJson` wrote. */
export function projectFromJson(json: JsonObject): ProjectRecord {
  return { ...(json as unknown as Omit<ProjectRecord, 'lastActivityAt'>), lastActivityAt: null };
}

/** What every check and run says of its projects. */
export function logSelection(session: Session, selection: Selection): void {
  const paths = selection.projects.slice(0, 20).map(({ path }) => path);
  session.log.info(`Reading ${describeSelection(selection)}`, { data: { projects: paths } });
}
