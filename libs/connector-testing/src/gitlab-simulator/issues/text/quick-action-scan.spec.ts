import { describe, expect, it } from '@jest/globals';
import { scanEither, scanParagraphs, scanPattern } from './quick-action-scan.js';

const names = (text: string) => scanParagraphs(text).commands.map(({ name }) => name);

describe('quick actions in a text', () => {
  it.each([
    ['/close', ['close'], ''],
    ['/CLOSE', ['close'], ''],
    ['hello\n/close\nworld', ['close'], 'hello\nworld'],
    ['hello\r\n/label ~bug ~"two words"\r\nworld\r\n', ['label'], 'hello\nworld'],
    ['hello\n/close   \n\nworld', ['close'], 'hello\nworld'],
    ['/close\n/reopen\n\n/title x', ['close', 'reopen', 'title'], ''],
    ['a\n\n/close\n\nb', ['close'], 'a\n\nb'],
    ['# Head\n/close', ['close'], '# Head'],
    ['<!-- note -->\n/close', ['close'], '<!-- note -->'],
    ['Lorem\n/close\n\n>>>\n/close\n>>>\n\n/reopen', ['close', 'reopen'], 'Lorem\n>>>\n/close\n>>>'],
    ['```\ncode\n```\n/close', ['close'], '```\ncode\n```'],
    ['text\n    /close', [], 'text\n    /close'],
    ['- item\n\n/close', ['close'], '- item'],
    ['> quote\n\n/close', ['close'], '> quote'],
    ['---\n/close', ['close'], '---'],
    ['>>>\nnever ended\n/close', ['close'], '>>>\nnever ended'],
    ['trailing  \n\n \n', [], 'trailing'],
    ['a\rb', [], 'ab'],
  ])('%j is executed and stored as GitLab does', (text, commands, stored) => {
    expect(names(text)).toEqual(commands);
    expect(scanParagraphs(text).text).toBe(stored);
  });

  it.each([
    'no /close inside a line',
    ' /close',
    '\\/close',
    '/closed',
    '/unknown thing',
    '/ close',
    '```\n/close\n```',
    '```\n/close',
    '~~~~ text\n```\n/close\n~~~\n~~~~',
    '> /close',
    '> quote\n/close',
    '- item\n/close',
    '1. item\n   /close',
    '>>>\n/close\n>>>',
    '>>> [!note]\n/close\n>>>',
    '    /close',
    '\t/close',
    '<div>\n/close\n</div>',
    '<!--\n/close\n-->',
    '<pre>\n\n/close\n</pre>',
    '`code\n/close\nmore`',
    '---\n/close\n---\n',
    '- a\n  ```\n/close\n  ```',
    '/close\n===',
  ])('%j stays text', (text) => {
    if (text.startsWith('- a\n')) {
      // A fence in a list item ends with the item, so what follows is text again.
      expect(names(text)).toEqual(['close']);
      return;
    }
    expect(scanParagraphs(text)).toEqual({ text: text.trimEnd(), commands: [] });
  });

  it('keeps the arguments as they were written', () => {
    expect(scanParagraphs('/title  A new: title  ').commands).toEqual([{ name: 'title', argument: 'A new: title' }]);
    expect(scanParagraphs('/shrug well\nnext').text).toBe('well ¯\\_(ツ)_/¯\nnext');
  });

  it('knows what older versions make of it', () => {
    expect(scanPattern('> quote\n/close').commands).toHaveLength(1);
    expect(scanPattern('~~~\n/close\n~~~').commands).toHaveLength(1);
    expect(scanPattern('```\n/close\n```').commands).toHaveLength(0);
    expect(scanPattern('>>>\n/close\n>>>').commands).toHaveLength(0);
    expect(
      scanEither('~~~\n/close\n~~~\n\n/reopen')
        .commands.map(({ name }) => name)
        .sort(),
    ).toEqual(['close', 'reopen']);
  });

  it('reads a huge text in time', () => {
    // Of the processor: what else runs on the machine does not count.
    const started = process.cpuUsage();
    for (const text of [
      '`'.repeat(100_000),
      '> '.repeat(50_000),
      '<a '.repeat(50_000),
      '/close `\n'.repeat(20_000),
      '<a>\n'.repeat(50_000),
      '<a\n'.repeat(50_000),
      'a`b\n'.repeat(50_000),
      '>>>>\n'.repeat(20_001),
      '- '.repeat(20_000),
      '[a]: '.repeat(20_000),
    ]) {
      scanEither(`x\n/close\n${text}`);
    }
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(10_000);
  });
});
