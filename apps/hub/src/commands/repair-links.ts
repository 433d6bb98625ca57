import { setTimeout } from 'node:timers/promises';
import type { Settings } from '../config/settings.js';
import { StartError } from '../config/start-error.js';
import { openRunDesk, type RunDesk, type SeenRun } from './run-desk.js';

const LOOK_EVERY_MS = 500;
/** A hub takes a queued run within seconds, unless it is busy with this connection or there is none. */
const QUEUED_AT_MOST_MS = 60_000;

/** Rebuilds the links of a connection from the markers in its items, and waits until a hub has done it. */
export async function repairLinks(
  settings: Settings,
  connection: string,
  print: (line: string) => void,
): Promise<void> {
  await using desk = await openRunDesk(settings);
  const { id, name } = await desk.find(connection);
  const runId = await desk.repairLinks(id);
  print(`The run ${runId} finds the pairs of "${name}" again by their markers.`);
  const { status, counts, error } = await endOf(desk, runId);
  if (status !== 'succeeded' && status !== 'partial') {
    throw new StartError([`The run ended ${status}.`, error?.message, error?.hint].filter(Boolean).join(' '));
  }
  print(
    `Done: ${counts.fetched} items read, ${counts.created} new, ${counts.updated} changed, ${counts.failed} set aside.`,
  );
  if (error !== undefined) print([error.message, error.hint].filter(Boolean).join(' '));
}

async function endOf(desk: RunDesk, runId: string): Promise<SeenRun> {
  const begun = Date.now();
  for (;;) {
    const run = await desk.look(runId);
    if (run.status !== 'queued' && run.status !== 'running') return run;
    if (run.status === 'queued' && Date.now() - begun > QUEUED_AT_MOST_MS) {
      throw new StartError(`The run ${runId} is queued, and no hub has taken it yet. A hub that runs will do it.`);
    }
    await setTimeout(LOOK_EVERY_MS);
  }
}
