import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { MemoryHost, User } from '@syncline/connector-testing';
import { canonicalText, decodeText, encodeText, originKey, findMarkers, type TextMap } from '@syncline/tracker-sync';
import fc from 'fast-check';
import { isCompleteRun } from '../../../test/support/detect.mjs';
import { propertySeed } from '../../../test/support/property-seed.js';
import { nastyTexts } from '../../../libs/tracker-sync/test/nasty-texts.js';
import type { GitLabIssuesConfig } from './config.js';
import { dangerousPieces, dangerousTexts, placeCount } from './testing/dangerous-texts.js';
import { PairWorld, type SimulatedSide } from './testing/pair-world.js';

type Host = MemoryHost<GitLabIssuesConfig>;
type Issue = SimulatedSide['issues'][number];

const generatedTexts = isCompleteRun() ? 2000 : 100;
/** In a sample of the corpus each deed is in every third place, and each place has every third deed. */
const corpus = isCompleteRun()
  ? dangerousTexts
  : dangerousTexts.filter((_text, at) => at % 3 === Math.floor(at / placeCount) % 3);
const seed = Number(process.env['TEXT_SEED'] ?? propertySeed);

const line = fc
  .array(fc.oneof(fc.constantFrom(...dangerousPieces), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 4 })
  .map((pieces) => pieces.join(''));
const lineEnd = fc.constantFrom('\n', '\n\n', '\r\n', '\r', '\n  ', '\n> ', '\n- ');
const text = fc.array(fc.tuple(line, lineEnd), { minLength: 1, maxLength: 10 }).map((lines) => lines.flat().join(''));

let pair: PairWorld;
let sam: User;
beforeEach(() => start());
async function start(): Promise<void> {
  pair = await PairWorld.start();
  for (const side of [pair.source, pair.target]) {
    sam = side.member('sam', 'developer');
    const group = side.world.groups.find('acme');
    if (group === undefined) throw new Error('no group');
    for (const user of [side.nora, sam]) side.world.groups.setMember(group, user, 'developer');
    // Whatever any version would execute.
    side.world.trackerSettings.quickActions = 'either';
  }
  for (let number = 1; number <= 3; number += 1) pair.target.create(`Bystander ${number}`);
}
afterEach(() => pair.stop());

/** As an import brings it: word for word, and nothing in it was executed. */
function imported(side: SimulatedSide, at: number, text: string): Issue {
  const [title = ''] = text.split(/[\r\n]/).filter((each) => each.trim() !== '');
  const issue = side.create(`T${at} ${title}`.slice(0, 200), { description: 'x' });
  issue.description = text;
  if (text.trim() !== '') side.world.notes.create(issue, { body: 'x', by: side.nora }).body = text;
  issue.json = undefined;
  return issue;
}

/** What the hub's account made happen, beside what it wrote. */
function deedsOf({ world, bot, issues }: SimulatedSide): string[] {
  return [
    ...world.quickActions.executed
      .filter(({ by }) => by === bot)
      .map(({ name, argument, issue }) => `/${name} ${argument} in ${issue?.title ?? 'a new issue'}`),
    ...world.notifications.all
      .filter(({ by, reason }) => by === bot && reason.includes('mentioned'))
      .map(({ user, reason, issue }) => `${reason} ${user.username} in ${issue.title}`),
    ...issues
      .filter(({ title }) => title.startsWith('Bystander'))
      .flatMap(({ title, state, notes }) => [
        ...(state === 'closed' ? [`${title} was closed`] : []),
        ...notes.map(({ body, mentionedBy }) => `${title} says: ${body} ${mentionedBy?.title ?? ''}`),
      ]),
    ...issues
      .filter(({ title, state }) => !title.startsWith('Bystander') && state === 'closed')
      .map(({ title }) => `closed ${title}`),
  ];
}

/** What the target holds of the source, by the source's numbers. */
function copies() {
  return pair.target.issues.flatMap((issue) => {
    const text = issue.description ?? '';
    const origin = findMarkers(text).at(-1)?.marker.origin;
    return origin === undefined ? [] : [{ issue, text, origin, iid: Number(origin.issue) }];
  });
}

/** Without what takes the life out of a line: what goes back to its author may have lost a command, and no more. */
const harmless = (text: string): string => canonicalText(text).replace(/[\\\u200B]/g, '');

/** How the target's texts are said in the source's words. */
function wayBack(host: Host): TextMap {
  const links = host.store.pair.all().filter(({ kind }) => kind === 'issue');
  const keys = new Map(links.map(({ left, right }) => [right?.key ?? '', left?.key]));
  const place = (side: SimulatedSide) => ({
    baseUrl: side.gitLab.url,
    path: side.project.fullPath,
    projectId: String(side.project.id),
    issueUrl: (key: string) => side.url(Number(key)),
  });
  const none = (): undefined => undefined;
  const names = { issue: (key: string) => keys.get(key), comment: none, user: none, upload: none };
  return { from: place(pair.target), to: place(pair.source), names };
}

/** Both properties of the codec, as they are seen at the remotes: the copy gives its original back, and is its own copy. */
function expectFaithful(host: Host, originals: ReadonlyMap<number, string>): void {
  const back = wayBack(host);
  const forth = { from: back.to, to: back.from, names: { ...back.names, issue: (): undefined => undefined } };
  const found = new Map(copies().map((copy) => [copy.iid, copy]));
  for (const [iid, original] of originals) {
    const copy = found.get(iid);
    const written = copy?.text ?? '';
    const origin = copy?.origin ?? { hub: '', instance: '', project: '', issue: '' };
    const frame = { origin, sourceUrl: pair.source.url(iid) };
    expect({ iid, text: decodeText(written, back, frame) }).toEqual({ iid, text: canonicalText(original) });
    expect({ iid, again: encodeText(written, frame, forth, back) }).toEqual({ iid, again: canonicalText(written) });
    const comments = pair.target.comments(copy?.issue.iid ?? 0);
    expect({ iid, comments: comments.length }).toEqual({ iid, comments: original.trim() === '' ? 0 : 1 });
    for (const { body } of comments) {
      const marker = findMarkers(body).at(-1)?.marker;
      expect(originKey(marker?.origin ?? origin)).toContain(String(iid));
      expect({ iid, text: decodeText(body, back, marker) }).toEqual({ iid, text: canonicalText(original) });
    }
  }
}

/** Copies all, and sees that nothing happens but that. */
async function copied(texts: readonly string[], config: Partial<GitLabIssuesConfig> = {}): Promise<Host> {
  const originals = new Map(texts.map((each, at) => [imported(pair.source, at, each).iid, each]));
  const bodies = (): (string | null)[] => pair.source.issues.map(({ description }) => description);
  const before = bodies();
  const host = pair.host(config);
  await pair.sync(host);
  await pair.sync(host, { mode: 'full' });
  expect(deedsOf(pair.target)).toEqual([]);
  expect(deedsOf(pair.source)).toEqual([]);
  expect(bodies().slice(0, texts.length)).toEqual(before);
  expectFaithful(host, originals);
  expect(await pair.writesWhenSettled(host)).toEqual([]);
  return host;
}

describe('texts that would do something', () => {
  it('do nothing as copies, and say what they said: a corpus', async () => {
    await copied([...corpus, ...nastyTexts]);
  }, 900_000);

  it('do nothing as copies, and say what they said: generated ones', async () => {
    process.stdout.write(`generated texts: ${generatedTexts}, TEXT_SEED=${seed}\n`);
    const texts = fc.sample(text, { numRuns: generatedTexts, seed });
    for (let at = 0; at < texts.length; at += 500) {
      if (at > 0) {
        await pair.stop();
        await start();
      }
      await copied(texts.slice(at, at + 500));
    }
  }, 1_200_000);

  it('do nothing where they came from when the copy is edited, and only the edit arrives', async () => {
    const texts = dangerousTexts.filter((_text, at) => at % 11 === 0);
    const config = { bidirectional: true };
    for (const each of texts) imported(pair.source, pair.source.issues.length, each);
    const host = pair.host(config);
    await pair.sync(host);
    const originals = new Map(
      pair.source.issues.slice(0, texts.length).map(({ iid, description }) => [iid, canonicalText(description ?? '')]),
    );
    for (const { issue, text: written, iid } of copies()) {
      // As a person would who may: nothing of it is executed for a person here, and a command is added.
      issue.description = written.replace(
        /(\n\n)?<!-- syncline:/,
        (found) => `\n\nEdited ${iid}\n/close\n@sam${found}`,
      );
      pair.target.world.issues.update(issue, { addLabels: [`edited ${iid}`] }, { by: pair.target.nora });
    }
    await pair.sync(host);
    expect(deedsOf(pair.source)).toEqual([]);
    expect(deedsOf(pair.target)).toEqual([]);
    for (const [iid, original] of originals) {
      const { description } = pair.source.issue(iid);
      expect({ iid, description }).toEqual({ iid, description: expect.stringContaining(`Edited ${iid}`) });
      expect({ iid, kept: harmless(description ?? '').startsWith(harmless(original)) }).toEqual({ iid, kept: true });
    }
    expect(await pair.writesWhenSettled(host)).toEqual([]);
  }, 900_000);

  it('may be as long as GitLab takes them; what does not fit is set aside with a cause, and others go on', async () => {
    const { source, target } = pair;
    const line = 'A line of it, for @sam, see #1.\n';
    const long = source.create('Long', { description: line.repeat(8_000) });
    const tooLong = source.create('Too long', { description: 'x'.repeat(1_048_570) });
    source.create('Short');
    const host = pair.host();
    pair.pass();
    const { status } = await host.run();
    expect(status).toBe('partial');
    expect(host.store.setAsides.map(({ item, error }) => [item, error.kind])).toEqual([
      [String(tooLong.iid), 'permanent'],
    ]);
    const titles = target.issues.map(({ title }) => title);
    expect(titles).toEqual(expect.arrayContaining(['Long', 'Short']));
    expect(titles).not.toContain('Too long');
    expect(deedsOf(target)).toEqual([]);
    const copy = target.issues.find(({ title }) => title === 'Long');
    expect((copy?.description ?? '').length).toBeGreaterThan((long.description ?? '').length);
  }, 600_000);
});
