import { describe, expect, it } from '@jest/globals';
import { changeWorld } from './seeding/change-world.js';
import { LivelyWorld } from './seeding/lively-world.js';
import { benchSize, smallSize } from './seeding/seed-context.js';
import { seedWorld } from './seeding/seed-world.js';
import { World } from './world/world.js';

const now = () => new Date('2026-03-04T05:06:07.000Z');

describe('seeded worlds', () => {
  it('hold exactly what was asked for, spread over the past ninety days', () => {
    const world = new World({ now });
    const { projects } = seedWorld(world);
    expect(projects).toHaveLength(10);
    const ids = new Set<number>();
    for (const project of projects) {
      const pipelines = [...project.pipelines.values()];
      for (const { id } of pipelines) ids.add(id);
      expect([project.mergeRequests.size, pipelines.length, project.releases.size]).toEqual([200, 200, 10]);
      expect(pipelines.filter(({ status }) => status === 'failed')).toHaveLength(benchSize.failedPipelines);
      expect(pipelines.filter(({ status }) => status === 'running')).toHaveLength(2);
      expect([...project.registry.values()].map(({ tags }) => tags.size)).toEqual([10, 10, 10]);
      const [main = [], develop = []] = [...project.repository.branches.values()].map(({ sha }) =>
        project.repository.history(sha).map((commit) => commit.sha),
      );
      expect([main.length, develop.length]).toEqual([300, 300]);
      expect(main.filter((sha) => develop.includes(sha))).toHaveLength(100);
      const times = [...project.mergeRequests.values()].map(({ updatedAt }) => updatedAt);
      expect(Math.min(...times)).toBeGreaterThanOrEqual(now().getTime() - 90 * 86_400_000);
      expect(Math.max(...times)).toBeLessThanOrEqual(now().getTime());
    }
    expect(ids.size).toBe(2000);
  });

  it('are the same for the same seed, and others for another', () => {
    const heads = (seed: number) => {
      const world = new World({ now, seed });
      return seedWorld(world, { ...smallSize, seed }).projects.map((project) => [
        project.repository.branches.get('main')?.sha,
        [...project.mergeRequests.values()].map(({ title, updatedAt, state }) => [title, updatedAt, state]),
      ]);
    };
    expect(heads(1)).toEqual(heads(1));
    expect(heads(1)).not.toEqual(heads(2));
  });

  it('change by one percent as the published figures did', () => {
    const world = new World({ now });
    seedWorld(world);
    const counts: Record<string, number> = {};
    const changes = changeWorld(world, 1);
    for (const { change } of changes) counts[change] = (counts[change] ?? 0) + 1;
    expect(counts).toEqual({
      merged: 8,
      closed: 4,
      labelled: 4,
      approved: 4,
      finished: 20,
      edited: 1,
      repushed: 3,
      opened: 20,
      started: 20,
      committed: 60,
      released: 1,
      pushed: 3,
    });
    expect(new Set(changes.map(({ eventId }) => eventId)).size).toBe(148);
  });

  it('can keep living', () => {
    const world = new World({ now });
    seedWorld(world, smallSize);
    const lively = new LivelyWorld(() => world, { seed: 7 });
    const kinds = new Set(Array.from({ length: 300 }, () => lively.tick().split(' ')[0]));
    expect(kinds.size).toBeGreaterThan(5);
    for (const project of world.projects.byId.values()) {
      for (const mergeRequest of project.mergeRequests.values()) {
        expect(mergeRequest.state === 'merged').toBe(mergeRequest.mergedAt !== null);
      }
    }
  });
});
