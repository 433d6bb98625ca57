import { describe, expect, it } from '@jest/globals';
import { textReferences, titleReferences } from './references.js';

describe('references in a text', () => {
  it.each([
    ['hi @nora, @sam-2.', ['nora', 'sam-2']],
    ['(@nora) "@acme/team" @all', ['nora', 'acme/team', 'all']],
    ['&#64;nora and &#x40;sam and &commat;ada', ['nora', 'sam', 'ada']],
    ['\\\\@nora', ['nora']],
    ['> @nora', ['nora']],
    ['>>>\n@nora\n>>>', ['nora']],
    ['# @nora', ['nora']],
    ['**@nora**', ['nora']],
    ['a.@nora, @@sam and 日@ada', ['nora', 'sam', 'ada']],
  ])('%j names people', (text, people) => {
    expect(textReferences(text).names).toEqual(people);
  });

  it.each([
    'a\\@nora',
    '\\@nora',
    'mail nora@acme.example',
    '`@nora`',
    '`` a ` @nora ``',
    '```\n@nora\n```',
    '~~~\n@nora',
    '    @nora',
    '<!-- @nora -->',
    '<!--\n@nora\n-->',
    '[text @nora](https://x.example)',
    'https://x.example/@nora',
    '<a href="@nora">',
    '@ nora',
  ])('%j names nobody', (text) => {
    expect(textReferences(text).names).toEqual([]);
  });

  it('finds issues by number, project and address', () => {
    const text =
      'see #12, web#3 and acme/api#4, \\#5, a#b, [x](https://gl.example/acme/web/-/issues/6), https://gl.example/7.';
    expect(textReferences(text)).toMatchObject({
      issues: [
        { path: undefined, iid: 12 },
        { path: 'web', iid: 3 },
        { path: 'acme/api', iid: 4 },
      ],
      urls: ['https://gl.example/acme/web/-/issues/6', 'https://gl.example/7'],
    });
  });

  it('reads a huge text in time', () => {
    // Of the processor: what else runs on the machine does not count.
    const started = process.cpuUsage();
    for (const piece of ['`', '[', '@', '<', '#1 ', 'a/', '[[x]', '](']) textReferences(`@x ${piece.repeat(50_000)}`);
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(10_000);
  });
});

describe('references in a title', () => {
  it.each([
    ['ask @nora', ['nora']],
    ['`@nora` and \\@sam', ['nora', 'sam']],
    ['&#64;nora, &#x40;sam and &commat;ada', ['nora', 'sam', 'ada']],
    ['&amp;#64;nora', []],
    ['@\u200Bnora, &\u200B#64;nora and &\u200Bcommat;ada', []],
  ])('%j names %j: no Markdown, but entities are decoded', (title, people) => {
    expect(titleReferences(title).names).toEqual(people);
  });

  it('finds issues whose sign is an entity', () => {
    expect(titleReferences('see &#35;12 and &num;13').issues.map(({ iid }) => iid)).toEqual([12, 13]);
  });
});
