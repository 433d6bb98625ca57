import { ConnectorError, type Cursor, type JsonObject } from '@syncline/connector-sdk';
import { getProject, type ProjectRecord } from '@syncline/gitlab';
import { logSelection, projectFromJson, projectToJson, selectProjects, type KnownIds } from './projects.js';
import type { SyncRun } from './sync-run.js';

const stream = 'projects';
/** Paths and feature switches of named projects are believed for so long; a closed door is looked at again at once. */
const trustedMs = 60 * 60_000;

/**
 * The projects of a run. Named projects and groups are remembered, so that an idle poll asks nothing for them; the list of
 * the token's own projects is one request for a hundred of them and is read each time.
 */
export async function projectsOfRun(run: SyncRun): Promise<readonly ProjectRecord[]> {
  const { session, settings } = run;
  const remembered = await remember(run);
  const isNamed = settings.projects.length + settings.groups.length > 0;
  const age = session.now().getTime() - (remembered?.verifiedAt.getTime() ?? 0);
  if (remembered !== undefined && isNamed && age < trustedMs && session.request.mode !== 'full') {
    return remembered.projects;
  }
  const selection = await selectProjects(run.client, settings, remembered?.ids);
  logSelection(session, selection);
  for (const { name, error } of selection.failures) session.failStream(name, error);
  const projects = selection.projects.map(projectToJson);
  const isSame = JSON.stringify(projects) === JSON.stringify(remembered?.projects.map(projectToJson));
  if (selection.failures.length === 0 && (isNamed || !isSame)) {
    await run.commit(stream, {}, toCursor(run, { projects, ids: selection.ids, verifiedAt: session.now() }));
  }
  return selection.projects;
}

/**
 * The project a webhook speaks of, if the config selects it: from memory, whatever it is called now, else by looking once.
 * Nothing is stored, so that a woken read leaves no trace but its events. Hooks of strangers cost little: nothing where
 * the config names projects only, one request a run where it names groups by their paths.
 */
export async function projectOfWake(run: SyncRun, scope: string): Promise<ProjectRecord | undefined> {
  const isIt = ({ id }: ProjectRecord): boolean => String(id) === scope;
  const remembered = await remember(run);
  const known = remembered?.projects.find(isIt);
  if (known !== undefined) return known;
  const { projects, groups } = run.settings;
  if (remembered !== undefined && projects.length > 0 && groups.length === 0) return undefined;
  if (remembered !== undefined && groups.length > 0 && !groups.some((group) => /^\d+$/.test(group))) {
    return newInGroups(run, scope);
  }
  lookedUp.set(run, lookedUp.get(run) ?? lookUp(run));
  return (await lookedUp.get(run))?.find(isIt);
}

/** A project that came to the groups after they were last asked. */
async function newInGroups(run: SyncRun, scope: string): Promise<ProjectRecord | undefined> {
  try {
    const project = await getProject(run.client, Number(scope));
    const path = project.path.toLowerCase();
    const isSelected = run.settings.groups.some((group) => path.startsWith(`${group.toLowerCase()}/`));
    return isSelected && !project.markedForDeletion ? project : undefined;
  } catch (error) {
    const { status } = ConnectorError.from(error);
    if (status === 404 || status === 403) return undefined;
    throw error;
  }
}

/** A stream met something that is gone or closed: the next run asks for the projects again. */
export async function doubtProjects(run: SyncRun): Promise<void> {
  const remembered = await remember(run);
  if (remembered === undefined) return;
  const projects = remembered.projects.map(projectToJson);
  await run.commit(stream, {}, toCursor(run, { projects, ids: remembered.ids, verifiedAt: new Date(0) }));
}

const lookedUp = new WeakMap<SyncRun, Promise<readonly ProjectRecord[]>>();

async function lookUp(run: SyncRun): Promise<readonly ProjectRecord[]> {
  const { projects, groups } = run.settings;
  // Numeric ids need no list: one request for the one project.
  if (groups.length === 0 && projects.length === 1) return [await getProject(run.client, projects[0] ?? '')];
  return (await selectProjects(run.client, run.settings)).projects;
}

interface Remembered {
  readonly projects: readonly ProjectRecord[];
  readonly ids: KnownIds;
  readonly verifiedAt: Date;
}

async function remember(run: SyncRun): Promise<Remembered | undefined> {
  const checkpoint = await run.session.checkpoint(stream);
  if (checkpoint === undefined || checkpoint['selection'] !== selectionKey(run)) return undefined;
  // Only ever holds what `toCursor` wrote.
  const { projects, ids, verifiedAt } = checkpoint as unknown as StoredMemory;
  return { projects: projects.map(projectFromJson), ids, verifiedAt: new Date(verifiedAt) };
}

interface StoredMemory {
  readonly projects: readonly JsonObject[];
  readonly ids: KnownIds;
  readonly verifiedAt: string;
}

function toCursor(
  run: SyncRun,
  memory: { readonly projects: readonly JsonObject[]; readonly ids: KnownIds; readonly verifiedAt: Date },
): Cursor {
  return { selection: selectionKey(run), ...memory, verifiedAt: memory.verifiedAt.toISOString() };
}

function selectionKey({ settings }: SyncRun): string {
  return JSON.stringify([settings.instance.baseUrl, settings.projects, settings.groups, settings.limit]);
}
