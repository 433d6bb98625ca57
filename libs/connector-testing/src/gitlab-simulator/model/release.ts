import type { Milestone } from '../issues/model/milestone.js';
import type { CachedJson } from './cached-json.js';
import type { User } from './people.js';
import type { Project } from './project.js';

export interface ReleaseLink {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  readonly linkType: 'other' | 'runbook' | 'image' | 'package';
}

export interface Release extends CachedJson {
  /** Never shown by the REST list; the release hook carries it. */
  readonly id: number;
  readonly project: Project;
  readonly tagName: string;
  name: string;
  description: string | null;
  readonly createdAt: number;
  releasedAt: number;
  author: User | null;
  readonly sha: string;
  milestones: readonly Milestone[];
  links: readonly ReleaseLink[];
}
