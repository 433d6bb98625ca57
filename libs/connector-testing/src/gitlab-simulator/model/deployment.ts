import type { CachedJson } from './cached-json.js';
import type { User } from './people.js';
import type { Job } from './pipeline.js';
import type { Project } from './project.js';

export interface Environment {
  readonly id: number;
  readonly name: string;
  readonly slug: string;
  readonly tier: string;
  state: 'available' | 'stopping' | 'stopped';
  externalUrl: string | null;
  readonly createdAt: number;
  updatedAt: number;
}

export interface Deployment extends CachedJson {
  readonly id: number;
  readonly iid: number;
  readonly project: Project;
  readonly ref: string;
  readonly sha: string;
  readonly environment: Environment;
  status: string;
  readonly createdAt: number;
  updatedAt: number;
  finishedAt: number | null;
  user: User | null;
  readonly deployable: Job | null;
}
