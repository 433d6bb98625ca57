import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { propertySeed } from '../../../../test/support/property-seed.js';
import { back, leftPlace, rightPlace, there } from '../../test/text-maps.js';
import { nastyFragments, nastyTexts } from '../../test/nasty-texts.js';
import { canonicalText } from '../values.js';
import { carryText, decodeText, encodeText, guardText, translateText } from './codec.js';
import { attribute } from './attribution.js';
import { codeRegions } from './regions.js';

const origin = { hub: 'h1', instance: leftPlace.baseUrl, project: leftPlace.projectId, issue: '5' };
const issueFrame = { origin, sourceUrl: leftPlace.issueUrl('5') };
const author = { name: 'Nora Q', username: 'nora' };
const commentFrame = {
  origin: { ...origin, comment: '33' },
  attribution: attribute(author, `${leftPlace.issueUrl('5')}#note_33`),
};

const encode = (text: string): string => encodeText(text, issueFrame, there, back);
const decode = (text: string): string => decodeText(text, back, issueFrame);

/** Whole lines and pieces of lines in any order, with every kind of line end. */
const generated = fc
  .array(
    fc.tuple(
      fc.array(fc.oneof(fc.constantFrom(...nastyFragments), fc.string({ unit: 'binary', maxLength: 6 })), {
        maxLength: 5,
      }),
      fc.constantFrom('\n', '\n\n', '\r\n', '\r', '\n    ', '\n> ', '\n- ', ' '),
    ),
    { maxLength: 12 },
  )
  .map((lines) => lines.map(([pieces, end]) => pieces.join('') + end).join(''));

const runs = Number(process.env.PROPERTY_RUNS ?? 1500);

/** Lines a remote that knows no code at all, or one that knows it exactly, could run. */
function commandLines(text: string): string[] {
  const lines = text.split('\n');
  const regions = codeRegions(lines);
  return lines.filter((line, at) => /^\//.test(line) && regions[at]?.fenced !== true);
}

/** Mentions a remote would see outside code that is certain, in the crudest reading. */
function mentions(text: string): string[] {
  const lines = text.split('\n');
  const regions = codeRegions(lines);
  return lines.flatMap((line, at) => {
    const { fenced = false, spans = [] } = regions[at] ?? {};
    if (fenced) return [];
    return [...line.matchAll(/(?<!\w)(?:@|&(?:#0*64|#[xX]0*40|commat);)([A-Za-z0-9_.][\w.-]*)/g)]
      .filter(({ index }) => !spans.some(([start, end]) => index >= start && index < end))
      .map(([, name = '']) => name);
  });
}

describe('the text codec', () => {
  it.each(nastyTexts)('gives back %j', (text) => {
    expect(decode(encode(text))).toBe(canonicalText(text));
    expect(encode(encode(text))).toBe(encode(text));
  });

  it('gives back every text, and does nothing twice', () => {
    fc.assert(
      fc.property(generated, fc.boolean(), (text, asComment) => {
        const frame = asComment ? commentFrame : issueFrame;
        const once = encodeText(text, frame, there, back);
        expect(decodeText(once, back, frame)).toBe(canonicalText(text));
        expect(encodeText(once, frame, there, back)).toBe(once);
      }),
      { numRuns: runs, seed: propertySeed },
    );
  });

  it('lets no command and no mention of a stranger through', () => {
    fc.assert(
      fc.property(generated, (text) => {
        const copy = encode(text);
        expect(commandLines(copy)).toEqual([]);
        expect(mentions(copy).filter((name) => !name.startsWith('norah'))).toEqual([]);
      }),
      { numRuns: runs, seed: propertySeed },
    );
  });

  it('takes commands out of a text that goes back to its author', () => {
    fc.assert(
      fc.property(generated, (text) => expect(commandLines(guardText(canonicalText(text)))).toEqual([])),
      {
        numRuns: runs,
        seed: propertySeed,
      },
    );
  });

  it('carries an edit over and back without touching the other lines', () => {
    fc.assert(
      fc.property(generated, generated, fc.nat({ max: 20 }), (text, line, at) => {
        const left = canonicalText(text);
        const right = translateText(left, there);
        const lines = right.split('\n');
        lines.splice(Math.min(at, lines.length), 0, canonicalText(line).split('\n')[0] ?? '');
        const edited = canonicalText(lines.join('\n'));
        const carried = carryText(edited, { from: right, to: left }, back);
        expect(carryText(right, { from: right, to: left }, back)).toBe(left);
        expect(carryText(carried, { from: carried, to: edited }, there)).toBe(edited);
        const rightLines = right.split('\n');
        if (new Set(lines).size !== lines.length || lines.length !== rightLines.length + 1) return;
        // Every line of the left is there in its own words, around the new one.
        const kept = carried.split('\n');
        kept.splice(Math.min(at, rightLines.length), 1);
        expect(canonicalText(kept.join('\n'))).toBe(left);
      }),
      { numRuns: Math.ceil(runs / 3), seed: propertySeed },
    );
  });

  it('ends a copy with the rule and the address of the original', () => {
    expect(encode('Text')).toMatch(
      /^Text\n\n<!-- syncline:1:[^ ]+ -->\n\n---\nSynced from: https:\/\/left\.example\/gitlab\/acme\/web\/-\/issues\/5$/,
    );
    expect(encode('')).toMatch(/^<!-- syncline:[^\n]+\n\n---\nSynced from: [^\n]+$/);
  });

  it('closes a code block the text leaves open before it adds the footer', () => {
    expect(encode('Log:\n```\nat line 1')).toContain('at line 1\n```\n\n<!-- syncline:');
    expect(decode(encode('Log:\n```\nat line 1'))).toBe('Log:\n```\nat line 1');
  });

  it('keeps what somebody wrote below the footer', () => {
    expect(decode(`${encode('Text')}\n\nA line more`)).toBe('Text\n\nA line more');
  });

  it('knows its footer where somebody removed the marker', () => {
    expect(decode(encode('Text').replace(/<!-- .* -->\n\n/, ''))).toBe('Text');
  });

  it('points references at the right thing', () => {
    const say = (text: string): string => translateText(text, there);
    expect(say('see #3.')).toBe('see #13.');
    expect(say('see #42, please')).toBe('see https://left.example/gitlab/acme/web/-/issues/42, please');
    expect(say('in !7')).toBe('in https://left.example/gitlab/acme/web/-/merge_requests/7');
    expect(say('acme/web#3 and other/one#4')).toBe(
      'mirror/web#13 and https://left.example/gitlab/other/one/-/issues/4',
    );
    expect(say('https://left.example/gitlab/acme/web/-/issues/3')).toBe('https://right.example/mirror/web/-/issues/13');
    expect(say('https://left.example/gitlab/acme/web/-/issues/1#note_33')).toBe(
      'https://right.example/mirror/web/-/issues/11#note_1033',
    );
    expect(say('`#3` and C#3 and &#35; and a#3b')).toBe('`#3` and C#3 and &#35; and a#3b');
    // As an entity, or behind the name of a project next door, it would name something else over there.
    expect(say('&#35;3 &#x23;3 &num;3 &excl;3')).toBe('&#35;\u200B3 &#x23;\u200B3 &num;\u200B3 &excl;\u200B3');
    expect(say('#3&#64; ~#3 -!3 acme/web#3@')).toBe('#\u200B3&#64; ~#\u200B3 -!\u200B3 acme/web#\u200B3@');
    expect(say('web#3 web!3 Web#3 webs#3')).toBe('web#\u200B3 web!\u200B3 Web#\u200B3 webs#3');
  });

  it('points attachments at their copies, or at the original', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((digit) => `/uploads/${digit.repeat(32)}/log.txt`) as [
      string,
      string,
      string,
    ];
    expect(translateText(`![log](${a})`, there)).toBe(`![log](${b})`);
    expect(translateText(`![log](${c})`, there)).toBe(`![log](https://left.example/gitlab/-/project/7${c})`);
    expect(translateText(`https://left.example/gitlab/acme/web${a}`, there)).toBe(
      `https://right.example/-/project/19${b}`,
    );
  });

  it('mentions only people who were mapped', () => {
    expect(translateText('@nora and @sam and a@b.example', there)).toBe('@norah and @\u200Bsam and a@b.example');
    expect(translateText('https://medium.example/@sam/post', there)).toBe('https://medium.example/%40sam/post');
  });

  it('leaves code as it is', () => {
    const code = 'Use `@Override` here:\n\n```java\n@Override\n/usr/bin/env #3\n```';
    expect(translateText(code, there)).toBe(code);
  });

  it('names an author whose name is a trap', () => {
    const line = attribute({ name: '@all **x**\n/close [a](b)', username: 'eve' }, 'https://left.example/x');
    expect(line.split('\n')).toHaveLength(1);
    expect(mentions(line)).toEqual([]);
    expect(decodeText(encodeText('hi', { origin: commentFrame.origin, attribution: line }, there, back), back)).toBe(
      'hi',
    );
  });

  it('does not bring a mention to life that somebody wrote out of reach', () => {
    const base = { from: 'Hello @\u200Bsam', to: 'Hello @sam' };
    expect(carryText('Hello you, @\u200Bsam', base, back)).toBe('Hello you, @sam');
    expect(carryText('Hello you, @\u200Bboss', base, back)).toBe('Hello you, @\u200Bboss');
  });

  it('takes a huge text in reasonable time', () => {
    const texts = [
      '@sam '.repeat(150_000),
      'a/b/'.repeat(200_000),
      `${'\n'.repeat(200_000)}x`,
      '`'.repeat(300_000),
      '#1 '.repeat(200_000),
    ];
    // Processor time: what else the machine does must not count.
    const begun = process.cpuUsage();
    for (const text of texts) translateText(text, there);
    expect(process.cpuUsage(begun).user / 1000).toBeLessThan(5_000);
    expect(rightPlace.path).toBe('mirror/web');
  });
});
