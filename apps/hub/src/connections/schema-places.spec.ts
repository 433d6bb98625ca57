import { describe, expect, it } from '@jest/globals';
import { mergePatch } from './merge-patch.js';
import { mapPlaces, placesOf } from './schema-places.js';

const secret = { type: 'string', 'x-secret': true };

describe('the places of a config that its schema marks', () => {
  const schema = {
    type: 'object',
    properties: {
      top: secret,
      list: { type: 'array', items: { type: 'object', properties: { key: secret } } },
      referenced: { $ref: '#/$defs/side' },
      plain: { type: 'string' },
    },
    anyOf: [{ properties: { either: secret } }],
    $defs: { side: { type: 'object', properties: { 'a/b~c': secret, again: { $ref: '#/$defs/side' } } } },
  };

  it('are found through lists, references and combinations', () => {
    const value = {
      top: 1,
      list: [{ key: 2 }, { other: 3 }],
      referenced: { 'a/b~c': 4, again: { 'a/b~c': 5 } },
      either: 6,
      plain: 7,
    };
    expect(placesOf(schema, value, 'x-secret').map(({ pointer, value: found }) => [pointer, found])).toEqual([
      ['/either', 6],
      ['/top', 1],
      ['/list/0/key', 2],
      ['/referenced/a~1b~0c', 4],
      ['/referenced/again/a~1b~0c', 5],
    ]);
  });

  it('are replaced or taken out, and nothing else changes', () => {
    const value = { top: 'x', list: [{ key: 'y', other: 1 }], plain: 'z' };
    expect(mapPlaces(schema, value, 'x-secret', ({ pointer }) => (pointer === '/top' ? undefined : 'sealed'))).toEqual({
      list: [{ key: 'sealed', other: 1 }],
      plain: 'z',
    });
    expect(value.top).toBe('x');
  });
});

describe('a merge patch', () => {
  it('follows RFC 7396', () => {
    expect(
      mergePatch({ a: 1, b: { c: 1, d: 1 }, e: [1] }, { a: null, b: { c: 2, x: null }, e: [2], f: { g: 1, h: null } }),
    ).toEqual({
      b: { c: 2, d: 1 },
      e: [2],
      f: { g: 1 },
    });
  });
});
