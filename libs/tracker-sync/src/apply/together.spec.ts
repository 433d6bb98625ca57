import { describe, expect, it } from '@jest/globals';
import { Together } from './together.js';

describe('questions asked together', () => {
  it('are one question, and those that come meanwhile are the next', async () => {
    const asked: (readonly string[])[] = [];
    const answers: (() => void)[] = [];
    const together = new Together(async (keys: readonly string[]) => {
      asked.push(keys);
      await new Promise<void>((resolve) => answers.push(resolve));
      return keys.length;
    });
    const first = [together.of(['a', 'b']), together.of(['b', 'c'])];
    await new Promise(setImmediate);
    expect(asked).toEqual([['a', 'b', 'c']]);
    const second = [together.of(['d']), together.of(['e'])];
    answers[0]?.();
    expect(await Promise.all(first)).toEqual([3, 3]);
    await new Promise(setImmediate);
    expect(asked).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
    answers[1]?.();
    expect(await Promise.all(second)).toEqual([2, 2]);
  });

  it('fail together, and the next are asked all the same', async () => {
    let isBroken = true;
    const together = new Together((keys: readonly string[]) =>
      isBroken ? Promise.reject(new Error('away')) : Promise.resolve(keys.length),
    );
    const failed = await Promise.allSettled([together.of(['a']), together.of(['b'])]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isBroken = false;
    expect(await together.of(['a'])).toBe(1);
  });
});
