import type { MergeRequest } from '../model/merge-request.js';
import type { Pipeline } from '../model/pipeline.js';
import type { Project } from '../model/project.js';
import type { RegistryRepository, RegistryTag } from '../model/registry.js';
import { Random } from '../world/random.js';
import type { World } from '../world/world.js';
import { branchNames, subject } from './seed-repository.js';

export interface WorldChange {
  /** `mr-<project>-<iid>`, `pipeline-<project>-<id>`, `commit-<project>-<sha>`, `release-<project>-<tag>`, `registry-<repository>-<tag>-<digest>`, `deployment-<project>-<id>`. */
  readonly eventId: string;
  readonly change:
    | 'merged'
    | 'closed'
    | 'labelled'
    | 'approved'
    | 'finished'
    | 'retried'
    | 'edited'
    | 'repushed'
    | 'opened'
    | 'started'
    | 'committed'
    | 'released'
    | 'pushed'
    | 'deployed';
}

export const eventIdOf = {
  mergeRequest: ({ project, iid }: MergeRequest): string => `mr-${project.id}-${iid}`,
  pipeline: ({ project, id }: Pipeline): string => `pipeline-${project.id}-${id}`,
  commit: (project: Project, sha: string): string => `commit-${project.id}-${sha}`,
  release: (project: Project, tagName: string): string => `release-${project.id}-${tagName}`,
  image: (repository: RegistryRepository, tag: RegistryTag): string =>
    `registry-${repository.id}-${tag.name}-${tag.digest}`,
};

/**
 * Changes a share of the objects of each kind, and adds as many: of the merge requests four in ten are merged, two
 * closed, two labelled, two approved; running pipelines finish (and failed ones are retried where too few run); releases
 * are edited; image tags pushed again. Merging adds commits too, and they count as some of the new ones.
 * @returns each change once, by the identity its event should have.
 */
export function changeWorld(world: World, percent: number, seed: number | string = 1): WorldChange[] {
  const random = new Random(`${seed}/changes/${world.core.nextId('change')}`);
  const projects = [...world.projects.byId.values()].filter((project) => !project.repository.empty);
  const share = (count: number): number => Math.round((count * percent) / 100);
  const context = { world, random, projects };
  const counts = {
    mergeRequests: share(sum(projects, (project) => project.mergeRequests.size)),
    pipelines: share(sum(projects, (project) => project.pipelines.size)),
    releases: share(sum(projects, (project) => project.releases.size)),
    images: share(
      sum(projects, (project) => sum([...project.registry.values()], (repository) => repository.tags.size)),
    ),
    commits: share(
      sum(projects, (project) =>
        sum([...project.repository.branches.values()], ({ sha }) => project.repository.history(sha).length),
      ),
    ),
    deployments: share(sum(projects, (project) => project.deployments.size)),
  };
  const known = [
    ...changeMergeRequests(context, counts.mergeRequests),
    ...finishPipelines(context, counts.pipelines),
    ...editReleases(context, counts.releases),
    ...repushImages(context, counts.images),
  ];
  const merged = known.filter(({ change }) => change === 'committed').length;
  return [...known, ...addNew(context, { ...counts, commits: Math.max(0, counts.commits - merged) })];
}

interface ChangeContext {
  readonly world: World;
  readonly random: Random;
  readonly projects: readonly Project[];
}

function changeMergeRequests({ world, random, projects }: ChangeContext, count: number): WorldChange[] {
  const open = projects.flatMap((project) =>
    [...project.mergeRequests.values()].filter((row) => row.state === 'opened'),
  );
  return random.sample(open, count).flatMap((mergeRequest, index): WorldChange[] => {
    const eventId = eventIdOf.mergeRequest(mergeRequest);
    switch (
      ['merged', 'merged', 'closed', 'labelled', 'approved', 'merged', 'merged', 'closed', 'labelled', 'approved'][
        index % 10
      ]
    ) {
      case 'merged': {
        const { repository, id } = mergeRequest.project;
        const before = repository.branches.get(mergeRequest.targetBranch)?.sha ?? '';
        world.mergeRequests.merge(mergeRequest);
        const after = repository.branches.get(mergeRequest.targetBranch)?.sha ?? '';
        const commits = repository.between(before, after);
        return [
          { eventId, change: 'merged' },
          ...commits.map(({ sha }): WorldChange => ({ eventId: `commit-${id}-${sha}`, change: 'committed' })),
        ];
      }
      case 'closed':
        world.mergeRequests.close(mergeRequest);
        return [{ eventId, change: 'closed' }];
      case 'labelled':
        world.mergeRequests.label(mergeRequest, { add: [`urgent-${index}`] });
        return [{ eventId, change: 'labelled' }];
      default:
        world.mergeRequests.approve(mergeRequest);
        return [{ eventId, change: 'approved' }];
    }
  });
}

function finishPipelines({ world, random, projects }: ChangeContext, count: number): WorldChange[] {
  const all = projects.flatMap((project) => [...project.pipelines.values()]);
  const running = all.filter((pipeline) => pipeline.status === 'running').slice(0, count);
  running.forEach((pipeline, index) => {
    world.pipelines.finish(pipeline, index % 3 === 0 ? { jobs: { unit: 'failed' } } : {});
  });
  const failed = all.filter((pipeline) => pipeline.status === 'failed' && !running.includes(pipeline));
  const retried = random.sample(failed, count - running.length);
  for (const pipeline of retried) world.pipelines.retry(pipeline);
  return [
    ...running.map((pipeline): WorldChange => ({ eventId: eventIdOf.pipeline(pipeline), change: 'finished' })),
    ...retried.map((pipeline): WorldChange => ({ eventId: eventIdOf.pipeline(pipeline), change: 'retried' })),
  ];
}

function editReleases({ world, random, projects }: ChangeContext, count: number): WorldChange[] {
  const releases = projects.flatMap((project) => [...project.releases.values()]);
  return random.sample(releases, count).map((release) => {
    world.releases.edit(release, { description: `${release.description ?? ''}\n\nEdited.` });
    return { eventId: eventIdOf.release(release.project, release.tagName), change: 'edited' };
  });
}

function repushImages({ world, random, projects }: ChangeContext, count: number): WorldChange[] {
  const images = projects
    .flatMap((project) => [...project.registry.values()])
    .flatMap((repository) => [...repository.tags.values()].map((tag) => ({ repository, tag })));
  return random.sample(images, count).map(({ repository, tag }) => {
    const pushed = world.registry.pushTag(repository, tag.name);
    return { eventId: eventIdOf.image(repository, pushed), change: 'repushed' };
  });
}

interface NewCounts {
  readonly mergeRequests: number;
  readonly pipelines: number;
  readonly releases: number;
  readonly images: number;
  readonly commits: number;
  readonly deployments: number;
}

function addNew({ world, random, projects }: ChangeContext, counts: NewCounts): WorldChange[] {
  const serial = world.core.nextId('new-names', counts.releases + counts.images);
  const times = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index));
  const opened = times(counts.mergeRequests, (): WorldChange => {
    const created = world.mergeRequests.create(random.pick(projects), {
      title: subject({ random }),
      keepBranch: false,
    });
    return { eventId: eventIdOf.mergeRequest(created), change: 'opened' };
  });
  const started = times(counts.pipelines, (): WorldChange => {
    const pipeline = world.pipelines.create(random.pick(projects));
    world.pipelines.start(pipeline);
    return { eventId: eventIdOf.pipeline(pipeline), change: 'started' };
  });
  const committed = times(counts.commits, (): WorldChange => {
    const project = random.pick(projects);
    const branches = branchNames(2).filter((name) => project.repository.branches.has(name));
    const [commit] = world.git.push(project, random.pick(branches), [{ message: `${subject({ random })}\n` }]);
    return { eventId: eventIdOf.commit(project, commit?.sha ?? ''), change: 'committed' };
  });
  const released = times(counts.releases, (index): WorldChange => {
    const project = random.pick(projects);
    const { tagName } = world.releases.create(project, { tagName: `v2.${serial + index}.0` });
    return { eventId: eventIdOf.release(project, tagName), change: 'released' };
  });
  const repositories = projects.flatMap((project) => [...project.registry.values()]);
  const pushed = times(repositories.length === 0 ? 0 : counts.images, (index): WorldChange => {
    const repository = random.pick(repositories);
    const tag = world.registry.pushTag(repository, `2.${serial + counts.releases + index}.0`);
    return { eventId: eventIdOf.image(repository, tag), change: 'pushed' };
  });
  const deployed = times(counts.deployments, (): WorldChange => {
    const project = random.pick(projects);
    const { id } = world.deployments.create(project, { environment: 'production', status: 'success' });
    return { eventId: `deployment-${project.id}-${id}`, change: 'deployed' };
  });
  return [...opened, ...started, ...committed, ...released, ...pushed, ...deployed];
}

function sum<T>(items: readonly T[], size: (item: T) => number): number {
  return items.reduce((total, item) => total + size(item), 0);
}
