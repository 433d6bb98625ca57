import type { AzureUser } from '../model/identity.js';
import type {
  AzureProject,
  AzureRepository,
  Build,
  BuildDefinition,
  BuildResult,
  BuildStatus,
} from '../model/repository.js';

export interface NewDefinition {
  readonly name: string;
  readonly repository: AzureRepository;
  readonly ciBranches?: readonly string[];
  readonly course?: BuildDefinition['course'];
}

/** Pipelines and their builds. A build moves on by the clock where its definition has a course, else by hand. */
export class Builds {
  private definitions = 0;

  constructor(
    private readonly now: () => Date,
    private readonly nextId: () => number,
  ) {}

  createDefinition(project: AzureProject, { name, repository, ciBranches, course }: NewDefinition): BuildDefinition {
    this.definitions += 1;
    const definition: BuildDefinition = { id: this.definitions, name, project, repository, ciBranches, course };
    project.definitions.set(definition.id, definition);
    return definition;
  }

  queue(
    definition: BuildDefinition,
    source: { readonly branch: string; readonly sha: string; readonly by: AzureUser },
    reason: Build['reason'] = 'manual',
  ): Build {
    const queueTime = this.now();
    const id = this.nextId();
    const build: Build = {
      id,
      buildNumber: `${queueTime.toISOString().slice(0, 10).replaceAll('-', '')}.${id}`,
      definition,
      sourceBranch: source.branch,
      sourceVersion: source.sha,
      reason,
      requestedFor: source.by,
      queueTime,
      startTime: undefined,
      finishTime: undefined,
      cancelling: false,
      result: undefined,
    };
    definition.project.builds.set(id, build);
    return build;
  }

  /** What a push to a branch starts by itself, unless the commit says not to. */
  triggered(
    repository: AzureRepository,
    push: { readonly branch: string; readonly sha: string; readonly message: string; readonly by: AzureUser },
  ): Build[] {
    if (/\[skip ci\]|\[ci skip\]|\*\*\*NO_CI\*\*\*/i.test(push.message)) return [];
    const name = push.branch.replace(/^refs\/heads\//, '');
    const builds: Build[] = [];
    for (const definition of repository.project.definitions.values()) {
      if (definition.repository !== repository || !startsOn(definition, name)) continue;
      builds.push(this.queue(definition, push, 'individualCI'));
    }
    return builds;
  }

  start(build: Build): void {
    build.startTime = this.now();
  }

  finish(build: Build, result: BuildResult): void {
    build.startTime ??= this.now();
    build.finishTime = this.now();
    build.result = result;
  }

  /** The build as of now: one with a course has moved on meanwhile. */
  statusOf(build: Build): BuildStatus {
    const { course } = build.definition;
    if (course !== undefined && build.finishTime === undefined) {
      const begins = build.queueTime.getTime() + course.queueMs;
      const ends = begins + course.runMs;
      const now = this.now().getTime();
      if (now >= begins) build.startTime ??= new Date(begins);
      if (now >= ends) {
        build.finishTime = new Date(ends);
        build.result = build.cancelling ? 'canceled' : course.result;
      }
    }
    if (build.finishTime !== undefined) return 'completed';
    if (build.cancelling) return 'cancelling';
    return build.startTime === undefined ? 'notStarted' : 'inProgress';
  }
}

function startsOn({ ciBranches }: BuildDefinition, branch: string): boolean {
  if (ciBranches === undefined) return true;
  return ciBranches.some((one) => (one.endsWith('/') ? branch.startsWith(one) : branch === one));
}
