import type { ProjectReads, ProjectRecord, WalkCursor } from '@syncline/gitlab';
import { concurrently } from './concurrently.js';
import { hasStoodStill } from './patience.js';
import { savedWalk } from './saved-cursor.js';
import { wantedKinds } from './streams/all-streams.js';
import { deployments } from './streams/deployments.js';
import { mergeRequests } from './streams/merge-requests.js';
import { pipelines } from './streams/pipelines.js';
import type { SyncRun } from './sync-run.js';

/** Tells the reader what this run is about to read, so that projects that did not change share their requests. */
export async function announceReads(run: SyncRun): Promise<void> {
  run.reader.announce(await concurrently(run.projects, (project) => readsOf(run, project)));
}

async function readsOf(run: SyncRun, project: ProjectRecord): Promise<ProjectReads> {
  const names = new Set(wantedKinds(run, project).map(({ name }) => name));
  const has = (name: string): boolean => names.has(name);
  const cursorOf = (stream: { readonly name: string; readonly byBranch: boolean }): Promise<WalkCursor | undefined> =>
    savedWalk(run, project, stream);
  // Deployments are asked for when a pipeline moved, also where pipelines themselves are not recorded.
  const watched = has(pipelines.name) ? pipelines : has(deployments.name) ? deployments : undefined;
  const [ofMergeRequests, ofPipelines] = [
    has(mergeRequests.name) ? await cursorOf(mergeRequests) : undefined,
    watched && (await cursorOf(watched)),
  ];
  // A list that is hidden looks empty by GraphQL, so a checkpoint that stood still moves only by REST, which would refuse.
  const isDue = (cursor: WalkCursor | undefined): boolean =>
    cursor?.mark !== undefined && hasStoodStill(run.session.now(), cursor.mark, project);
  const byMergeRequests = isDue(ofMergeRequests) ? (['merge_requests'] as const) : [];
  const byPipelines = has(pipelines.name) && isDue(ofPipelines) ? (['pipelines'] as const) : [];
  return {
    projectId: project.id,
    mergeRequests: ofMergeRequests,
    pipelines: ofPipelines,
    doors: [...byMergeRequests, ...byPipelines],
    releases: has('releases'),
    registryRepositories: has('images'),
    branches: has('commits') ? run.settings.branches : undefined,
  };
}
