import { describe, expect, it } from '@jest/globals';
import { selectRefs } from './ref-patterns.js';

describe('selectRefs', () => {
  it('carries all branches and tags, and nothing else', () => {
    const selects = selectRefs({});
    const refs = ['refs/heads/main', 'refs/tags/v1', 'refs/merge-requests/1/head', 'refs/keep-around/1', 'HEAD'];
    expect(refs.filter(selects)).toEqual(['refs/heads/main', 'refs/tags/v1']);
  });

  it('knows names, wildcards over folders, and exclusions of which the last wins', () => {
    const selects = selectRefs({ branches: ['main', 'release/*', '!release/old*', 'release/older'], tags: [] });
    const names = ['main', 'maint', 'release/1', 'release/x/y', 'release/old-1', 'release/older', 'dev'];
    expect(names.filter((name) => selects(`refs/heads/${name}`))).toEqual([
      'main',
      'release/1',
      'release/x/y',
      'release/older',
    ]);
    expect(selects('refs/tags/v1')).toBe(false);
  });

  it('takes a list of exclusions alone for all but these', () => {
    const selects = selectRefs({ branches: ['!wip/*'] });
    expect(['main', 'wip/a'].map((name) => selects(`refs/heads/${name}`))).toEqual([true, false]);
  });

  it('takes what looks like a regular expression as it is written, in no time', () => {
    const selects = selectRefs({ branches: ['a+(b)?.c', `${'*a'.repeat(30)}*b`] });
    expect(selects('refs/heads/a+(b)x.c')).toBe(true);
    // Of the processor: what else runs on the machine does not count.
    const begun = process.cpuUsage();
    expect(selects(`refs/heads/${'a'.repeat(5_000)}`)).toBe(false);
    expect(process.cpuUsage(begun).user / 1_000).toBeLessThan(1_000);
  });
});
