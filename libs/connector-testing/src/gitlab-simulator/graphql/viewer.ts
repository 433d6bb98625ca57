import { canRead, visible } from '../api/access.js';
import type { User } from '../model/people.js';
import type { Feature, Project } from '../model/project.js';
import type { World } from '../world/world.js';

/** Who asks, and what that person may see. Without a token it is nobody, who sees what is public. */
export class Viewer {
  constructor(
    private readonly world: World,
    readonly user: User | undefined,
  ) {}

  sees(project: Project): boolean {
    if (!this.world.projects.byId.has(project.id)) return false;
    return this.user === undefined ? project.visibility === 'public' : visible(this.world, project, this.user);
  }

  reads(project: Project, feature: Feature): boolean {
    if (!this.sees(project)) return false;
    return this.user === undefined
      ? project.features[feature] === 'enabled'
      : canRead(this.world, project, this.user, feature);
  }
}
