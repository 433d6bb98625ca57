import { afterEach, describe, expect, it } from '@jest/globals';
import { changeIssues, type HttpFaultKind, type MemoryHost, seedIssues } from '@syncline/connector-testing';
import { isCompleteRun } from '../../../test/support/detect.mjs';
import type { GitLabIssuesConfig } from './config.js';
import { PairWorld, type SimulatedSide } from './testing/pair-world.js';
import { differences, doubledOrigins, seenByPeople, thingsOf } from './testing/seen.js';

const size = isCompleteRun() ? 1000 : 80;

/** One request in ten goes wrong, on either side, in one of these ways. */
const share = 0.1;
const kinds: readonly HttpFaultKind[] = [
  'error500',
  'error500_after',
  'bad_gateway_before',
  'bad_gateway_after',
  'gateway_timeout',
  'rate_limited',
  'rate_limited_app',
  'reset_before',
  'reset_after',
  'truncated_json',
  'cut_body',
  'slow',
];

type Host = MemoryHost<GitLabIssuesConfig>;

const worlds: PairWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

async function filled(): Promise<{ pair: PairWorld; host: Host }> {
  const pair = await PairWorld.start();
  worlds.push(pair);
  const { source, target } = pair;
  const shares = { attachments: 0.1, confidential: 0.05, internal: 0.05, people: [source.nora] };
  seedIssues(source.world, source.project, { issues: size, comments: 2, ...shares });
  for (let number = 1; number <= size / 10; number += 1) {
    const issue = target.create(`Of the target ${number}`, { description: `Text ${number}` });
    target.world.notes.create(issue, { body: `Comment ${number}`, by: target.nora });
  }
  const host = pair.host({ bidirectional: true, unmappedUsers: 'same-username', onDelete: 'close' });
  return { pair, host };
}

/** People edit, comment and create, on both sides. */
function live({ source, target }: PairWorld): void {
  const few = Math.ceil(size / 10);
  changeIssues(source.world, source.project, { edits: few, comments: few, created: few, by: source.nora });
  const copies = target.issues.filter(({ title }) => /\((?:\d*[37])\)/.test(title));
  for (const copy of copies) target.world.issues.update(copy, { addLabels: ['seen'] }, { by: target.nora });
}

function goWrong(side: SimulatedSide): void {
  for (const [at, kind] of kinds.entries()) {
    // Those that come later only meet the requests that the earlier ones let through.
    const probability = share / kinds.length / (1 - (at * share) / kinds.length);
    side.gitLab.faults.add({ kind, match: { probability }, delayMs: 3, retryAfterSeconds: 2 });
  }
}

const linked = ({ store }: Host): number =>
  store.pair.all().filter(({ kind, state }) => kind === 'issue' && state === 'active').length;

/** Runs with the time between them in which items are held; at most so many. */
async function runs(pair: PairWorld, host: Host, count: number, enough: () => boolean): Promise<number> {
  for (let run = 1; run <= count; run += 1) {
    pair.pass(61);
    await host.run({ mode: run % 4 === 0 ? 'full' : 'incremental' });
    if (enough()) return run;
  }
  return count;
}

/** Without faults: until a quick and a full run write nothing. */
async function settle(pair: PairWorld, host: Host): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    pair.pass(25 * 60);
    const { asked } = await pair.requestsOf(async () => {
      for (const mode of ['incremental', 'full'] as const) await host.run({ mode });
    });
    if (asked.every(({ method }) => method === 'GET')) return;
  }
  throw new Error('the runs never came to rest');
}

describe('two GitLabs of which one request in ten goes wrong', () => {
  it('come to hold what they would hold without faults, with nothing lost or made twice', async () => {
    const calm = await filled();
    await settle(calm.pair, calm.host);
    live(calm.pair);
    await settle(calm.pair, calm.host);
    const expected = seenByPeople(calm.pair);

    const { pair, host } = await filled();
    const sides = [pair.source, pair.target];
    const all = size + Math.floor(size / 10);
    for (const side of sides) goWrong(side);
    // Under faults: all copies come to be, though not in one run.
    const until = await runs(pair, host, 60, () => linked(host) === all);
    expect(linked(host)).toBe(all);
    for (const { gitLab } of sides) gitLab.faults.clear();
    await settle(pair, host);
    live(pair);
    for (const side of sides) goWrong(side);
    await runs(pair, host, 6, () => false);
    for (const { gitLab } of sides) gitLab.faults.clear();
    await settle(pair, host);

    const seen = seenByPeople(pair);
    const { doubled, lost } = differences(thingsOf(seen), thingsOf(expected));
    process.stdout.write(
      `faults: ${size} issues, all copied after ${until} runs, duplicates ${doubled.length}, lost ${lost.length}\n`,
    );
    expect({ doubled, lost, copies: sides.flatMap(doubledOrigins) }).toEqual({ doubled: [], lost: [], copies: [] });
    expect(seen).toEqual(expected);
    expect(host.store.setAsides).toEqual([]);
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  }, 900_000);
});
