import type { MergeRequest } from '../model/merge-request.js';
import type { User } from '../model/people.js';
import type { Pipeline } from '../model/pipeline.js';
import type { Project } from '../model/project.js';
import { Random } from '../world/random.js';
import type { World } from '../world/world.js';
import { subject } from './seed-repository.js';

export interface LivelyOptions {
  readonly seed?: number | string;
  /** Between two happenings. Default 3,000. */
  readonly tickMs?: number;
  /** Projects in which nothing is made up. Default: none. */
  readonly leaves?: (project: Project) => boolean;
}

/** A team at work: something happens in some project at every tick. */
export class LivelyWorld {
  readonly random: Random;
  private readonly tickMs: number;
  private readonly leaves: (project: Project) => boolean;
  private timer: ReturnType<typeof setInterval> | undefined;
  private releases = 0;

  constructor(
    private readonly world: () => World,
    options: LivelyOptions = {},
  ) {
    this.random = new Random(`${options.seed ?? 1}/lively`);
    this.tickMs = options.tickMs ?? 3_000;
    this.leaves = options.leaves ?? (() => false);
  }

  start(): void {
    this.timer ??= setInterval(() => {
      this.tick();
    }, this.tickMs);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Lets one thing happen now, and says what. */
  tick(): string {
    const world = this.world();
    const projects = [...world.projects.byId.values()].filter(
      (project) => !project.repository.empty && !this.leaves(project),
    );
    const people = [...world.users.byId.values()].filter((user) => !user.bot && !user.admin);
    if (projects.length === 0) return 'nothing';
    const project = this.random.pick(projects);
    const by = people.length === 0 ? world.users.root : this.random.pick(people);
    const happenings = [
      () => this.pushCommits(world, project, by),
      () => this.openMergeRequest(world, project, by),
      () => this.movePipelines(world, project, by),
      () => this.movePipelines(world, project, by),
      () => this.moveMergeRequest(world, project, by),
      () => this.moveMergeRequest(world, project, by),
      () => this.deploy(world, project, by),
      () => this.pushImage(world, project),
      () => this.release(world, project, by),
    ];
    return this.random.pick(happenings)();
  }

  private pushCommits(world: World, project: Project, by: User): string {
    const count = this.random.between(1, 3);
    const commits = Array.from({ length: count }, () => ({ message: `${subject(this)}\n` }));
    world.git.push(project, project.defaultBranch, commits, { by });
    world.pipelines.start(world.pipelines.create(project, { user: by }));
    return `pushed ${count} commits to ${project.fullPath}`;
  }

  private openMergeRequest(world: World, project: Project, by: User): string {
    const { iid } = world.mergeRequests.create(project, {
      title: subject(this),
      author: by,
      sourceBranch: `${by.username}/${this.random.sha().slice(0, 8)}`,
    });
    return `opened ${project.fullPath}!${iid}`;
  }

  private movePipelines(world: World, project: Project, by: User): string {
    const running = [...project.pipelines.values()].filter((pipeline: Pipeline) => pipeline.status === 'running');
    const pipeline = running[0];
    if (pipeline === undefined) {
      const { id } = world.pipelines.create(project, { user: by, status: 'pending' });
      const created = project.pipelines.get(id);
      if (created !== undefined) world.pipelines.start(created);
      return `started a pipeline in ${project.fullPath}`;
    }
    const failed = this.random.chance(0.25);
    world.pipelines.finish(pipeline, failed ? { jobs: { unit: 'failed', rollout: 'skipped' } } : {});
    if (failed && this.random.chance(0.5)) world.pipelines.retry(pipeline);
    return `finished pipeline ${pipeline.id} in ${project.fullPath}`;
  }

  private moveMergeRequest(world: World, project: Project, by: User): string {
    const open = [...project.mergeRequests.values()].filter((row: MergeRequest) => row.state === 'opened');
    if (open.length === 0) return this.openMergeRequest(world, project, by);
    const mergeRequest = this.random.pick(open);
    const { mergeRequests } = world;
    const steps = [
      () => {
        mergeRequests.approve(mergeRequest, { by });
      },
      () => {
        mergeRequests.label(mergeRequest, { add: [this.random.pick(['bug', 'feature', 'urgent'])] }, { by });
      },
      () => {
        mergeRequests.comment(mergeRequest);
      },
      () => {
        mergeRequests.merge(mergeRequest, { by, removeSourceBranch: true });
      },
      () => {
        mergeRequests.merge(mergeRequest, { by, method: 'squash', removeSourceBranch: true });
      },
      () => {
        if (this.random.chance(0.3)) mergeRequests.close(mergeRequest, { by });
      },
    ];
    this.random.pick(steps)();
    return `worked on ${project.fullPath}!${mergeRequest.iid}`;
  }

  private deploy(world: World, project: Project, by: User): string {
    const running = [...project.deployments.values()].find((deployment) => deployment.status === 'running');
    if (running === undefined) {
      world.deployments.create(project, { environment: this.random.pick(['production', 'staging']), user: by });
      return `began a deployment of ${project.fullPath}`;
    }
    world.deployments.finish(running, this.random.chance(0.1) ? 'failed' : 'success');
    return `finished a deployment of ${project.fullPath}`;
  }

  private pushImage(world: World, project: Project): string {
    const repository = [...project.registry.values()][0] ?? world.registry.createRepository(project, 'api');
    world.registry.pushTag(repository, 'latest');
    return `pushed an image of ${project.fullPath}`;
  }

  private release(world: World, project: Project, by: User): string {
    const known = [...project.releases.values()];
    if (known.length > 0 && this.random.chance(0.6)) {
      const edited = this.random.pick(known);
      world.releases.edit(edited, { description: `${edited.description ?? ''}\n- ${subject(this)}` });
      return `edited a release of ${project.fullPath}`;
    }
    this.releases += 1;
    world.releases.create(project, { tagName: `v3.${this.releases}.0`, by });
    return `released ${project.fullPath}`;
  }
}
