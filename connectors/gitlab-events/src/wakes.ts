import type { Wake } from '@syncline/connector-sdk';
import { projectOfWake } from './project-memory.js';
import { isWanted, streamKinds } from './streams/all-streams.js';
import { streamOf } from './streams/walked-stream.js';
import type { Job, SyncRun } from './sync-run.js';

/** More objects of one stream than this are cheaper to find in its list of changes. */
const mostSingleReads = 50;

/** Jobs that read exactly what webhooks named, once each, however often it was named. */
export async function jobsForWakes(run: SyncRun, wakes: readonly Wake[]): Promise<Job[]> {
  const jobs: Job[] = [];
  for (const [scope, named] of groupBy(wakes, ({ scope }) => scope)) {
    const project = await projectOfWake(run, scope);
    if (project === undefined) {
      run.session.log.info(`Ignored ${named.length} webhooks of project ${scope}, which this connection does not read`);
      continue;
    }
    for (const [name, ofStream] of groupBy(named, ({ stream }) => stream)) {
      const kind = streamKinds.find((one) => one.name === name);
      if (kind?.readNamed === undefined || !isWanted(run, kind)) continue;
      const { readNamed } = kind;
      const items = [...new Set(ofStream.flatMap(({ item }) => (item === undefined ? [] : [item])))];
      const isFlood = items.length > mostSingleReads || ofStream.some(({ item }) => item === undefined);
      const read = isFlood ? () => kind.read(run, project) : () => readNamed(run, project, items);
      jobs.push({ stream: streamOf(kind, project), run: read });
    }
  }
  return jobs;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
