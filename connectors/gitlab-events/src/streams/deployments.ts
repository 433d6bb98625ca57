import type { DeploymentRecord, ProjectRecord } from '@syncline/gitlab';
import { eventIds } from '../mapping/event-ids.js';
import { mapDeployment } from '../mapping/deployment.js';
import { isOverdue, mostMinutes } from '../patience.js';
import { savedWalk } from '../saved-cursor.js';
import type { SyncRun } from '../sync-run.js';
import { pipelines } from './pipelines.js';
import { readWalked, streamOf, type WalkedStream } from './walked-stream.js';

/** A deployment may become visible later than the pipeline that made it. */
const lateMs = 120_000;

/** Deployments; their lists hold all there is to say. */
export const deployments: WalkedStream<DeploymentRecord> = {
  name: 'deployments',
  byBranch: false,
  pages: (reader, projectId, cursor, options) => reader.deployments(projectId, cursor, options),
  one: (reader, projectId, id) => reader.deployment(projectId, id),
  keyOf: (deployment) => deployment.id,
  statusOf: (deployment) => deployment.status,
  eventId: (projectId, id) => eventIds.deployment(projectId, id),
  matches: () => Promise.resolve(true),
  toEvent: (_run, project, deployment) => Promise.resolve(mapDeployment(deployment, project)),
};

/**
 * Only REST lists deployments, a project a request. Most are made by pipelines; so where a shared answer told that no pipeline
 * moved, they are left alone, for about an hour at most.
 */
export async function readDeployments(run: SyncRun, project: ProjectRecord): Promise<void> {
  const moved = await pipelinesMoved(run, project);
  if (moved === false) {
    run.debugOnce(
      `Deployments are read where a pipeline moved; others are noticed within ${mostMinutes} minutes, or by webhook at once`,
    );
    return;
  }
  await readWalked(run, project, deployments, { settles: moved === true });
}

/** Undefined: nobody knows, or it does not matter to this run. */
async function pipelinesMoved(run: SyncRun, project: ProjectRecord): Promise<boolean | undefined> {
  const { session, reader } = run;
  const mark = (await savedWalk(run, project, deployments))?.mark;
  if (mark === undefined || session.request.mode !== 'incremental' || session.request.since !== undefined)
    return undefined;
  if ((await session.dueItems(streamOf(deployments, project))).length > 0) return undefined;
  const readAt = Date.parse(mark);
  const moved = await reader.pipelinesMoved(project.id, new Date(readAt - lateMs));
  if (moved !== false) return moved;
  // Pipelines that moved in a run that could not read the deployments.
  const pipelinesMark = (await savedWalk(run, project, pipelines))?.mark;
  if (pipelinesMark !== undefined && Date.parse(pipelinesMark) - lateMs > readAt) return true;
  return isOverdue(session.now(), mark, project);
}
