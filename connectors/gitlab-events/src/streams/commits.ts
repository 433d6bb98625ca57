import { ConnectorError } from '@syncline/connector-sdk';
import type { CommitCursor, CommitRange, CommitRecord, PageItem, ProjectRecord } from '@syncline/gitlab';
import { ItemFailures } from '../item-failures.js';
import { mapCommit } from '../mapping/commit.js';
import { eventIds } from '../mapping/event-ids.js';
import { filterOf, restore, save } from '../saved-cursor.js';
import type { SyncRun } from '../sync-run.js';
import { streamOf } from './walked-stream.js';

export const commits = { name: 'commits' } as const;

/**
 * What is new on the configured branches: their heads in one request, then from the known head to the new one. Branches of
 * a project follow each other, because a commit on two of them is one event that names both.
 */
export async function readCommits(
  run: SyncRun,
  project: ProjectRecord,
  branches: readonly string[],
  options: { readonly moveCheckpoint: boolean },
): Promise<void> {
  const heads = await run.reader.branchHeads(project.id, branches);
  const missing = branches.filter((branch) => !heads.some(({ name }) => name === branch));
  if (missing.length > 0) run.session.log.debug(`${project.path} has no branch ${missing.join(', ')}`);
  for (const { name, sha } of heads) {
    const range: CommitRange = { branch: name, head: sha };
    try {
      await readBranch(run, project, range, options);
    } catch (error) {
      const failure = ConnectorError.from(error);
      if (failure.kind !== 'permanent') throw failure;
      run.fail(`${streamOf(commits, project)}/${name}`, failure);
    }
  }
}

async function readBranch(
  run: SyncRun,
  project: ProjectRecord,
  range: CommitRange,
  { moveCheckpoint }: { readonly moveCheckpoint: boolean },
): Promise<void> {
  const { session, settings, reader } = run;
  const stream = `${streamOf(commits, project)}/${range.branch}`;
  const filter = filterOf(settings, { byBranch: false });
  const saved = restore<CommitCursor>(await session.checkpoint(stream), filter);
  for (const item of await session.dueItems(stream)) await readAgain(run, project, range.branch, stream, item);
  if (saved !== undefined && session.request.since !== undefined && moveCheckpoint) {
    for await (const page of reader.commits(project.id, range, undefined, { since: session.request.since })) {
      await storeCommits(run, project, range.branch, page.items, stream, undefined);
    }
  }
  for await (const page of reader.commits(project.id, range, saved, { since: settings.since })) {
    const cursor = moveCheckpoint ? save(filter, { ...page.cursor }) : undefined;
    await storeCommits(run, project, range.branch, page.items, stream, cursor);
    // A woken read of a branch nobody has read yet takes its newest page; its history is for the next sync.
    if (!moveCheckpoint && saved === undefined) return;
  }
}

/** Reads a commit that was set aside once more; one that GitLab has removed since, as after a force push, is settled. */
async function readAgain(
  run: SyncRun,
  project: ProjectRecord,
  branch: string,
  stream: string,
  item: string,
): Promise<void> {
  const sha = item.slice(eventIds.commit(project.id, '').length);
  const found = await findCommit(run, project.id, { branch, head: sha });
  if (found.length === 0) await run.commit(stream, { settled: [item] }, undefined);
  else await storeCommits(run, project, branch, found, stream, undefined);
}

/** The commit at the head of a range, listed as others are; nothing where it does not exist any more. */
async function findCommit(run: SyncRun, projectId: number, range: CommitRange): Promise<PageItem<CommitRecord>[]> {
  try {
    // GitLab lists a commit first among what is reachable from it.
    for await (const { items } of run.reader.commits(projectId, range)) return items.slice(0, 1);
  } catch (error) {
    if (ConnectorError.from(error).status !== 404) throw error;
  }
  return [];
}

async function storeCommits(
  run: SyncRun,
  project: ProjectRecord,
  branch: string,
  items: readonly PageItem<CommitRecord>[],
  stream: string,
  cursor: ReturnType<typeof save> | undefined,
): Promise<void> {
  run.guard();
  run.counts.fetched += items.length;
  const failures = new ItemFailures();
  const records = failures.readable(items, (sha) => eventIds.commit(project.id, sha));
  const known = await run.session.versions(records.map(({ sha }) => eventIds.commit(project.id, sha)));
  const events = records.map((commit) => {
    const seenOn = known.get(eventIds.commit(project.id, commit.sha))?.metadata['branches'];
    const others = Array.isArray(seenOn) ? seenOn.filter((name): name is string => typeof name === 'string') : [];
    return mapCommit(commit, [branch, ...others], project);
  });
  const stored = await run.commit(stream, { events, setAside: failures.setAside }, cursor);
  const news = stored.created + stored.updated;
  if (news > 0) run.session.log.info(`${project.path}: ${news} of ${items.length} commits on ${branch} are news`);
}
