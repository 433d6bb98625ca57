import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { propertySeed } from '../../../../test/support/property-seed.js';
import { nastyFragments, nastyTexts } from '../../test/nasty-texts.js';
import { canonicalTitle } from '../values.js';
import { cutTitle, defuseTitle, plainTitle } from './title.js';

const z = '\u200B';

const pieces = [
  ...nastyFragments,
  ...['@', '#', '!', '&', 'GL-', '[issue:', ']', 'https:', 'http://x.example/', '/issues/', '/-/merge_requests/', z],
  ...['anna', '@anna', '#12', '!3', 'web', 'acme/web', '12', 'deadbeef', '@all', '.', '-', '/', ' ', ';', '&#64;', 'é'],
];

const titles = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 10 })
  .map((parts) => parts.join(''));

const settings = { numRuns: Number(process.env.PROPERTY_RUNS ?? 2_000), seed: propertySeed };

/** What a remote could take for a name, in a crude reading of its own. */
function named(title: string): string[] {
  return [
    ...(title.match(/(?<![A-Za-z0-9_])@[A-Za-z0-9_.]/g) ?? []),
    ...(title.match(/(?:[#!&]|GL-)\d/gi) ?? []),
    ...(title.match(/&(?:#|[A-Za-z]+;)/g) ?? []),
    ...(title.match(/\[(?:issue|work_item|epic):[\w./-]+\]/gi) ?? []),
    ...(title.match(/https?:\/\/\S+\/(?:issues|work_items|merge_requests|epics)\/\d/gi) ?? []),
  ];
}

describe('a title that was defused', () => {
  it('names nobody and nothing', () => {
    fc.assert(
      fc.property(titles, (title) => expect(named(defuseTitle(title))).toEqual([])),
      settings,
    );
  });

  it('gives the title back', () => {
    fc.assert(
      fc.property(titles, (title) => {
        expect(plainTitle(defuseTitle(title))).toBe(plainTitle(title));
        if (!title.includes(z)) expect(plainTitle(defuseTitle(title))).toBe(title);
      }),
      settings,
    );
  });

  it('stays as it is when it is defused again', () => {
    fc.assert(
      fc.property(titles, (title) => {
        const once = defuseTitle(title);
        expect(defuseTitle(once)).toBe(once);
        expect(plainTitle(plainTitle(title))).toBe(plainTitle(title));
      }),
      settings,
    );
  });

  it('names nobody after it was cut, and leaves nothing of ours behind', () => {
    fc.assert(
      fc.property(titles, fc.integer({ min: 1, max: 30 }), (title, length) => {
        const cut = cutTitle(defuseTitle(title), length);
        expect(cut.length).toBeLessThanOrEqual(length);
        expect(named(cut)).toEqual([]);
        if (!title.includes(z)) expect(plainTitle(cut)).not.toContain(z);
      }),
      settings,
    );
  });

  it('keeps alive what stands there already, and nothing else', () => {
    fc.assert(
      fc.property(titles, titles, (before, more) => {
        const plain = plainTitle(before);
        expect(defuseTitle(plain, plain)).toBe(plain);
        expect(named(defuseTitle(more, defuseTitle(before)))).toEqual([]);
      }),
      settings,
    );
  });

  it.each(nastyTexts)('is what it was, of %j', (text) => {
    expect(canonicalTitle(defuseTitle(text))).toBe(canonicalTitle(text));
  });

  it.each([
    ['ask @anna', `ask @${z}anna`],
    ['\\@anna and `@anna`', `\\@${z}anna and \`@${z}anna\``],
    ['as #12, web#3, acme/web!4, &5', `as #${z}12, web#${z}3, acme/web!${z}4, &${z}5`],
    ['GL-12 and [issue:acme/web/12]', `GL-${z}12 and [issue:${z}acme/web/12]`],
    ['&#64;anna', `&${z}#${z}64;anna`],
    ['https://x.example/acme/web/-/issues/3', `https:${z}//x.example/acme/web/-/issues/3`],
    ['acme/web@deadbeef01', `acme/web@${z}deadbeef01`],
  ])('of %j is %j', (title, defused) => expect(defuseTitle(title)).toBe(defused));

  it.each(['a@b.example', 'C# and F#', 'R&D, Q&A', 'at 5 @ 6', 'Hello!', 'https://x.example/docs', 'deadbeef01'])(
    'of %j is the same',
    (title) => expect(defuseTitle(title)).toBe(title),
  );

  it('does not take one name for another that stands there', () => {
    expect(defuseTitle('see web#12', 'see #12')).toBe(`see web#${z}12`);
    expect(defuseTitle('ask @team', 'ask @team/a')).toBe(`ask @${z}team`);
    expect(defuseTitle('ask @anna, please', 'ask @anna.')).toBe('ask @anna, please');
  });

  it('is cut between characters', () => {
    expect(cutTitle('abc', 3)).toBe('abc');
    expect(cutTitle('ab😀d', 4)).toBe('ab…');
    expect(cutTitle(defuseTitle('abc @anna'), 7)).toBe('abc @…');
  });

  it('is made in reasonable time', () => {
    const long = [
      '@a '.repeat(50_000),
      'a/'.repeat(50_000),
      '#1'.repeat(50_000),
      '[a'.repeat(50_000),
      'https://a'.repeat(5_000),
    ];
    const begun = process.cpuUsage();
    for (const title of long) defuseTitle(title, title.slice(0, 1_000));
    expect(process.cpuUsage(begun).user / 1_000_000).toBeLessThan(5);
  });
});
