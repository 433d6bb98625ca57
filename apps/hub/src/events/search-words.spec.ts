import { describe, expect, it } from '@jest/globals';
import { searchQuery, searchWords } from './search-words.js';

describe('searchWords', () => {
  it('cuts runs of letters, marks and digits of any script, once each and lower-cased', () => {
    expect(searchWords(['Fix LOGIN_page (v2.1) – fix', undefined, 'Ünïcode 東京 नमस्ते'])).toEqual([
      'fix',
      'login',
      'page',
      'v2',
      '1',
      'ünïcode',
      '東京',
      'नमस्ते',
    ]);
  });

  it('keeps a hexadecimal name whole', () => {
    expect(searchWords(['3e10f00d'])).toEqual(['3e10f00d']);
  });

  it('reads composed and decomposed letters alike', () => {
    expect(searchWords(['caf\u00e9'])).toEqual(searchWords(['cafe\u0301']));
  });

  it('bounds length and number, so that no text is too long to store', () => {
    const words = searchWords([Array.from({ length: 5_000 }, (_, n) => `w${n}${'x'.repeat(500)}`).join(' ')]);
    expect(words).toHaveLength(400);
    expect(words.every((word) => word.length <= 64)).toBe(true);
    expect(
      searchWords(['\u{1F1E6}a'.repeat(3) + '\u{20000}'.repeat(60)]).every((word) => !/\p{Surrogate}/u.test(word)),
    ).toBe(true);
  });
});

describe('searchQuery', () => {
  it('wants all words as prefixes', () => {
    expect(searchQuery('Fix: log')).toBe(`'fix':* & 'log':*`);
  });

  it('has no operators, whatever is typed', () => {
    expect(searchQuery(`a' | !b <-> c\\`)).toBe(`'a':* & 'b':* & 'c':*`);
  });

  it('is undefined without words', () => {
    expect(searchQuery(' !? ')).toBeUndefined();
  });
});
