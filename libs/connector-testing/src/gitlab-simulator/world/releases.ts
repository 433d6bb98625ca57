import type { Milestone } from '../issues/model/milestone.js';
import type { User } from '../model/people.js';
import type { Project } from '../model/project.js';
import type { Release, ReleaseLink } from '../model/release.js';
import type { ActedBy, Git } from './git.js';
import type { Users } from './people.js';
import type { WorldCore } from './world-core.js';
import { noSha } from './world-event.js';

export interface NewRelease extends ActedBy {
  readonly tagName: string;
  readonly name?: string;
  readonly description?: string | null;
  /** What to tag where the tag does not exist yet. */
  readonly ref?: string;
  /** May lie in the future (upcoming) or in the past (historical). Default: now. */
  readonly releasedAt?: Date | number;
  readonly author?: User | null;
  readonly milestones?: readonly Milestone[];
  readonly links?: readonly Omit<ReleaseLink, 'id'>[];
}

/** Releases. Their key is the tag; they have no `updated_at`. */
export class Releases {
  constructor(
    private readonly core: WorldCore,
    private readonly users: Users,
    private readonly git: Git,
  ) {
    git.onPush((event) => {
      const release = event.refType === 'tag' ? event.project.releases.get(event.ref) : undefined;
      if (release !== undefined && event.after === noSha) this.delete(release);
    });
  }

  create(project: Project, options: NewRelease): Release {
    const { tagName } = options;
    const by = options.by ?? this.users.root;
    const tag =
      project.repository.tags.get(tagName) ??
      this.git.createTag(project, tagName, { by, ...(options.ref === undefined ? {} : { ref: options.ref }) });
    const at = this.core.clock.stamp();
    const release: Release = {
      id: this.core.nextId('release'),
      project,
      tagName,
      name: options.name ?? tagName,
      description: options.description === undefined ? `Notes for ${tagName}` : options.description,
      createdAt: at,
      releasedAt: options.releasedAt === undefined ? at : Number(options.releasedAt),
      author: options.author === undefined ? by : options.author,
      sha: tag.sha,
      milestones: options.milestones ?? [],
      links: (options.links ?? []).map((link) => ({ id: this.core.nextId('release_link'), ...link })),
    };
    project.releases.set(tagName, release);
    this.core.publish({ kind: 'release', project, action: 'create', release });
    return release;
  }

  edit(
    release: Release,
    patch: Partial<Pick<Release, 'name' | 'description' | 'releasedAt' | 'milestones' | 'links'>>,
  ): void {
    Object.assign(release, patch);
    release.json = undefined;
    this.core.publish({ kind: 'release', project: release.project, action: 'update', release });
  }

  /** The git tag stays. */
  delete(release: Release): void {
    release.project.releases.delete(release.tagName);
    this.core.publish({ kind: 'release', project: release.project, action: 'delete', release });
  }
}
