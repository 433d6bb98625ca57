import { ConnectorError, type LinkSide, type Session, type TrackerPlace } from '@syncline/connector-sdk';
import {
  createGitLabClient,
  type GitLabClient,
  readTrackerProject,
  roleOf,
  roles,
  type TrackerProject,
} from '@syncline/gitlab';
import { configKeys, type Settings, type SideConfig } from './config.js';

/** One project, found: what it is and how it is asked. */
export interface OpenSide {
  readonly side: LinkSide;
  readonly client: GitLabClient;
  readonly place: TrackerPlace;
  readonly project: TrackerProject;
}

/** Finds both projects (one request each) and refuses those that cannot be kept in step. Throws `config`. */
export async function openSides(session: Session, settings: Settings): Promise<Record<LinkSide, OpenSide>> {
  const open = (side: LinkSide): Promise<OpenSide> => naming(side, () => openSide(session, settings, side));
  const [left, right] = await Promise.all([open('left'), open('right')]);
  refuseSameProject(left, right);
  for (const each of [left, right]) {
    await naming(each.side, async () => {
      for (const found of await faultsOf(each, settings)) if (!found.ok) throw found.error;
    });
  }
  return { left, right };
}

/** Mirrors often have one path on both GitLabs: what is wrong with a project or a token says on which side it is. */
async function naming<T>(side: LinkSide, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ConnectorError) || (error.kind !== 'config' && error.kind !== 'auth')) throw error;
    const { kind, message, hint, status, path } = error;
    throw new ConnectorError(kind, `${sideName(side)}: ${message}`, { hint, status, path, cause: error });
  }
}

/** `Source` or `Target`. */
export function sideName(side: LinkSide): string {
  const key = configKeys[side];
  return `${key.charAt(0).toUpperCase()}${key.slice(1)}`;
}

export async function openSide(session: Session, settings: Settings, side: LinkSide): Promise<OpenSide> {
  const { instance, project: name } = settings.sides[side];
  const client = createGitLabClient(session.http(instance), instance);
  const project = await atConfig(side, () => readTrackerProject(client, projectName(settings.sides[side])));
  const place = {
    instanceId: instance.id,
    baseUrl: normalUrl(instance.baseUrl),
    projectId: String(project.id),
    path: project.path,
  };
  if (project.markedForDeletion) throw refusal(side, `The project ${name} is being deleted.`, 'Choose another one.');
  return { side, client, place, project };
}

/** The same project by id and address, whatever names and instances the config uses for it. */
export function refuseSameProject(left: OpenSide, right: OpenSide): void {
  if (left.place.baseUrl !== right.place.baseUrl || left.project.id !== right.project.id) return;
  throw refusal(
    'right',
    `Source and target are the same project, ${left.project.path}.`,
    'Choose another project on one side.',
  );
}

/** What a side has to have, one after the other; `error` says what to do where it is not so. */
export type SideFinding =
  | { readonly id: 'feature' | 'archived' | 'role'; readonly label: string; readonly ok: true }
  | {
      readonly id: 'feature' | 'archived' | 'role';
      readonly label: string;
      readonly ok: false;
      readonly error: ConnectorError;
    };

export async function faultsOf(open: OpenSide, settings: Settings): Promise<SideFinding[]> {
  const { side, project } = open;
  const { path } = project;
  const isWritten = settings.written.includes(side);
  const findings: SideFinding[] = [
    finding(
      'feature',
      `${path}: issues are switched on`,
      project.issuesEnabled,
      refusal(side, `Issues are switched off in ${path}.`, 'Switch them on under Settings > General > Visibility.'),
    ),
  ];
  if (isWritten) {
    findings.push(
      finding(
        'archived',
        `${path}: takes changes`,
        !project.archived,
        refusal(side, `The project ${path} is archived and takes no changes.`, 'Unarchive it, or choose another one.'),
      ),
    );
  }
  const needed = isWritten ? roles.developer : roles.reporter;
  const level = await roleOf(open.client, project);
  const label = `${path}: role ${nameOf(level)}`;
  const purpose = isWritten ? 'writing issues' : 'reading confidential issues';
  const low = refusal(
    side,
    `The role of the token's user in ${path} is ${nameOf(level)}; ${purpose} takes ${nameOf(needed)}.`,
    `Give the user the role ${nameOf(needed)} in the project.`,
  );
  findings.push(finding('role', label, level >= needed, low));
  return findings;
}

function finding(id: SideFinding['id'], label: string, ok: boolean, error: ConnectorError): SideFinding {
  return ok ? { id, label, ok } : { id, label, ok, error };
}

/** GitLab's own word for a level; of one that this version does not know the next lower one. */
function nameOf(level: number): string {
  const known = Object.entries(roles).findLast(([, least]) => level >= least);
  if (known === undefined) return 'none';
  const [name] = known;
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function refusal(side: LinkSide, message: string, hint: string): ConnectorError {
  return new ConnectorError('config', message, { hint, path: `/config/${configKeys[side]}/project` });
}

/** A project that is not found is a fault at its key. */
async function atConfig<T>(side: LinkSide, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.kind !== 'config' || error.path !== undefined) throw error;
    const { message, hint, status } = error;
    const path = `/config/${configKeys[side]}/project`;
    throw new ConnectorError('config', message, { hint, status, path, cause: error });
  }
}

/** Paths are written as people copy them: with slashes around, or as numbers in text. */
function projectName({ project }: SideConfig): string | number {
  if (typeof project === 'number') return project;
  const name = project.trim().replace(/^\/+|\/+$/g, '');
  return /^\d+$/.test(name) ? Number(name) : name;
}

/** One text for one address: host in small letters, no default port, no slash at the end. */
function normalUrl(baseUrl: string): string {
  const { origin, pathname } = new URL(baseUrl);
  return `${origin}${pathname}`.replace(/\/+$/, '');
}
