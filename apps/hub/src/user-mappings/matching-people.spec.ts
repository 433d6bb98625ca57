import { describe, expect, it } from '@jest/globals';
import { suggest } from './matching-people.js';

const person = (username: string, name = username) => ({ username, name });
const nobody = { source: new Set<string>(), target: new Set<string>() };
const shown = (...args: Parameters<typeof suggest>) =>
  suggest(...args).map(
    ({ sourceUsername, targetUsername, equal }) => `${sourceUsername} = ${targetUsername} (${equal})`,
  );

describe('people who may be the same', () => {
  it('have equal usernames in any case, or else equal names', () => {
    expect(
      shown(
        [person('alice', 'Alice L.'), person('bob', 'Robert  Tables')],
        [person('rtables', 'robert tables'), person('Alice', 'Somebody Else')],
        nobody,
      ),
    ).toEqual(['alice = Alice (username)', 'bob = rtables (name)']);
  });

  it('are not proposed where two persons bear the name', () => {
    expect(shown([person('j1', 'John'), person('j2', 'John')], [person('x', 'John')], nobody)).toEqual([]);
    expect(shown([person('x', 'John')], [person('j1', 'John'), person('j2', 'John')], nobody)).toEqual([]);
  });

  it('are proposed once, and not when they are mapped already', () => {
    expect(
      shown([person('ann', 'Ann'), person('b', 'Ann')], [person('ann', 'Ann'), person('c', 'Ann')], nobody),
    ).toEqual(['ann = ann (username)', 'b = c (name)']);
    expect(shown([person('Ann')], [person('ann')], { ...nobody, source: new Set(['ann']) })).toEqual([]);
    expect(shown([person('Ann')], [person('ann')], { ...nobody, target: new Set(['ann']) })).toEqual([]);
  });

  it('are not those without a name', () => {
    expect(shown([person('a', ' ')], [person('b', '')], nobody)).toEqual([]);
  });
});
