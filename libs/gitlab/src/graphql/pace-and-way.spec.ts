import { describe, expect, it } from '@jest/globals';
import { Pace } from './pace.js';
import { Way } from './way.js';

const at = (hours: number): Date => new Date(Date.UTC(2026, 2, 2, hours));

describe('a pace', () => {
  it('is halved once, however many requests of a size failed together, and keeps so for a day', () => {
    const pace = new Pace(50, 5);
    expect([pace.slowDown(50, at(0)), pace.slowDown(50, at(0)), pace.now(at(23))]).toEqual([true, true, 25]);
  });

  it('grows back by doubling, a day each', () => {
    const pace = new Pace(50, 5);
    for (const size of [50, 25, 12]) pace.slowDown(size, at(0));
    expect([at(1), at(24), at(47), at(48), at(72), at(96), at(120)].map((now) => pace.now(now))).toEqual([
      6, 12, 12, 24, 48, 50, 50,
    ]);
  });

  it('has an end', () => {
    const pace = new Pace(50, 5);
    expect(pace.slowDown(7, at(0))).toBe(true);
    expect([pace.now(at(0)), pace.slowDown(5, at(0))]).toEqual([5, false]);
  });
});

describe('a way of reading', () => {
  it('is unknown at first, and again when it was closed', () => {
    const way = new Way();
    expect([way.isKnown, way.objection(at(0))]).toEqual([false, undefined]);
    way.opened();
    way.close('no', at(24));
    expect([way.isKnown, way.objection(at(23), 'pipelines', 7)]).toEqual([false, 'no']);
    expect(way.objection(at(24))).toBeUndefined();
  });

  it('may be closed for one feature, or for one project of it', () => {
    const way = new Way();
    way.closeFeature('pipelines', 'lacks it', at(24));
    way.closeOne('releases', 7, 'failed', at(1));
    expect(way.objection(at(0), 'pipelines', 8)).toBe('lacks it');
    expect(way.objection(at(0), 'releases', 7)).toBe('failed');
    expect(way.objection(at(0), 'releases', 8)).toBeUndefined();
    expect(way.objection(at(1), 'releases', 7)).toBeUndefined();
  });
});
