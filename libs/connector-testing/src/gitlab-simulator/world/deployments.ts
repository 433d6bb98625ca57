import type { Deployment, Environment } from '../model/deployment.js';
import type { User } from '../model/people.js';
import { finalStatuses, type Job } from '../model/pipeline.js';
import type { Project } from '../model/project.js';
import type { Users } from './people.js';
import type { WorldCore } from './world-core.js';

export interface NewDeployment {
  /** Name; the environment is made where it is new. */
  readonly environment: string;
  readonly ref?: string;
  readonly sha?: string;
  readonly status?: string;
  readonly user?: User | null;
  readonly deployable?: Job;
}

/** Deployments and their environments. */
export class Deployments {
  constructor(
    private readonly core: WorldCore,
    private readonly users: Users,
  ) {}

  create(project: Project, options: NewDeployment): Deployment {
    const ref = options.ref ?? project.defaultBranch;
    const status = options.status ?? 'running';
    const at = this.core.clock.stamp();
    const deployment: Deployment = {
      id: this.core.nextId('deployment'),
      iid: project.nextIid('deployment'),
      project,
      ref,
      sha: options.sha ?? project.repository.resolve(ref)?.sha ?? this.core.random.sha(),
      environment: this.environment(project, options.environment),
      status,
      createdAt: at,
      updatedAt: at,
      finishedAt: finalStatuses.has(status) ? at : null,
      user: options.user === undefined ? this.users.root : options.user,
      deployable: options.deployable ?? null,
    };
    project.deployments.set(deployment.id, deployment);
    project.deploymentsByCreation.add(deployment);
    project.deploymentsByUpdate.add(deployment);
    this.core.publish({ kind: 'deployment', project, deployment });
    return deployment;
  }

  finish(deployment: Deployment, status = 'success'): void {
    const at = this.core.clock.stamp();
    deployment.project.deploymentsByUpdate.move(deployment, () => {
      Object.assign(deployment, { status, updatedAt: at, finishedAt: at });
    });
    deployment.json = undefined;
    this.core.publish({ kind: 'deployment', project: deployment.project, deployment });
  }

  environment(project: Project, name: string): Environment {
    const known = project.environments.get(name);
    if (known !== undefined) return known;
    const at = this.core.clock.stamp();
    const environment: Environment = {
      id: this.core.nextId('environment'),
      name,
      slug: name.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
      tier: tierOf(name),
      state: 'available',
      externalUrl: `https://${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.example.com`,
      createdAt: at,
      updatedAt: at,
    };
    project.environments.set(name, environment);
    return environment;
  }
}

function tierOf(name: string): string {
  if (/prod|live/i.test(name)) return 'production';
  if (/stag/i.test(name)) return 'staging';
  if (/test|qa/i.test(name)) return 'testing';
  return /dev|review/i.test(name) ? 'development' : 'other';
}
