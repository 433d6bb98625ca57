import { describe, expect, it } from '@jest/globals';
import { Recent } from './recent.js';

describe('recent entries', () => {
  it('are forgotten where there is no room, those first that nobody asked for', () => {
    const recent = new Recent<string | undefined>(2);
    recent.set('a', '1');
    recent.set('b', undefined);
    expect([recent.keep('a'), recent.keep('b'), recent.keep('c')]).toEqual([true, true, false]);
    recent.keep('a');
    recent.set('c', '3');
    expect([recent.has('a'), recent.has('b'), recent.has('c')]).toEqual([true, false, true]);
    expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual(['1', undefined, '3']);
  });
});
