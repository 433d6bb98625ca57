import { accessLevels, type Role, type User } from '../model/people.js';
import {
  groupPath,
  isGroup,
  Project,
  type Feature,
  type FeatureAccess,
  type Group,
  type Visibility,
} from '../model/project.js';
import type { Users } from './people.js';
import type { WorldCore } from './world-core.js';

export interface GroupOptions {
  readonly path: string;
  readonly name?: string;
  readonly parent?: Group;
  readonly visibility?: Visibility;
  readonly description?: string;
}

/** Groups and subgroups. */
export class Groups {
  readonly byId = new Map<number, Group>();

  constructor(private readonly core: WorldCore) {}

  create(options: GroupOptions): Group {
    const group: Group = {
      id: this.core.nextId('namespace'),
      parent: options.parent ?? null,
      name: options.name ?? options.path,
      path: options.path,
      description: options.description ?? '',
      visibility: options.visibility ?? 'private',
      createdAt: this.core.clock.stamp(),
      members: new Map(),
      sharedProjects: new Set(),
      labels: new Map(),
      milestones: new Map(),
    };
    this.byId.set(group.id, group);
    return group;
  }

  find(path: string): Group | undefined {
    for (const group of this.byId.values()) if (groupPath(group) === path) return group;
    return undefined;
  }

  setMember(group: Group, user: User, role: Role | null): void {
    setLevel(group.members, user, role);
  }

  share(project: Project, into: Group): void {
    into.sharedProjects.add(project);
  }

  /** Whether the group is `ancestor` or lies inside it. */
  within(group: Group, ancestor: Group): boolean {
    return group === ancestor || (group.parent !== null && this.within(group.parent, ancestor));
  }
}

export interface NewProject {
  /** The last part of the path. */
  readonly path: string;
  readonly name?: string;
  /** A group, or a user for a personal project. Without one the administrator owns it. */
  readonly owner?: Group | User;
  readonly description?: string | null;
  readonly defaultBranch?: string;
  readonly visibility?: Visibility;
  readonly features?: Partial<Record<Feature, FeatureAccess>>;
  readonly topics?: readonly string[];
}

/** Projects, their paths, members, features and end. */
export class Projects {
  readonly byId = new Map<number, Project>();
  private readonly byPath = new Map<string, Project>();
  /** Paths that projects had before, by lower-case path. */
  private readonly formerPaths = new Map<string, Project>();

  constructor(
    private readonly core: WorldCore,
    private readonly users: Users,
  ) {}

  create(options: NewProject): Project {
    const owner = options.owner ?? this.users.root;
    const project = new Project({
      id: this.core.nextId('project'),
      name: options.name ?? options.path,
      path: options.path,
      owner,
      description: options.description ?? null,
      defaultBranch: options.defaultBranch ?? 'main',
      visibility: options.visibility ?? 'private',
      features: options.features ?? {},
      topics: options.topics ?? [],
      createdAt: this.core.clock.stamp(),
    });
    if (!isGroup(owner)) project.members.set(owner.id, accessLevels.owner);
    this.byId.set(project.id, project);
    this.byPath.set(project.fullPath.toLowerCase(), project);
    return project;
  }

  find(path: string): Project | undefined {
    return this.byPath.get(path.toLowerCase());
  }

  findFormer(path: string): Project | undefined {
    return this.formerPaths.get(path.toLowerCase());
  }

  /** Moves the project to another path, and into another namespace if one is given. Ids stay; the old path redirects. */
  rename(project: Project, path: string, owner: Group | User = project.owner): void {
    const old = project.fullPath.toLowerCase();
    this.byPath.delete(old);
    this.formerPaths.set(old, project);
    project.path = path;
    project.name = path;
    project.owner = owner;
    project.updatedAt = this.core.clock.stamp();
    this.formerPaths.delete(project.fullPath.toLowerCase());
    this.byPath.set(project.fullPath.toLowerCase(), project);
    this.core.epoch += 1;
  }

  /** Null takes the membership away. */
  setMember(project: Project, user: User, role: Role | null): void {
    setLevel(project.members, user, role);
  }

  setFeature(project: Project, feature: Feature, access: FeatureAccess): void {
    project.features[feature] = access;
    project.updatedAt = this.core.clock.stamp();
  }

  setVisibility(project: Project, visibility: Visibility): void {
    project.visibility = visibility;
    project.updatedAt = this.core.clock.stamp();
  }

  archive(project: Project, archived = true): void {
    project.archived = archived;
    project.updatedAt = this.core.clock.stamp();
  }

  /** What a deletion does at first on newer versions: a suffixed path and a date, everything still readable. */
  scheduleDeletion(project: Project): void {
    project.markedForDeletionOn = new Date(this.core.clock.read()).toISOString().slice(0, 10);
    this.rename(project, `${project.path}-deletion_scheduled-${project.id}`);
  }

  /** The project is gone at once, as after the delay or by an administrator. */
  delete(project: Project): void {
    this.byId.delete(project.id);
    this.byPath.delete(project.fullPath.toLowerCase());
    for (const [path, former] of this.formerPaths) if (former === project) this.formerPaths.delete(path);
  }

  /** The user's access level: direct, inherited from groups, or an administrator's. */
  accessLevel(project: Project, user: User): number {
    if (user.admin) return accessLevels.admin;
    const direct = project.members.get(user.id) ?? 0;
    return isGroup(project.owner) ? Math.max(direct, groupAccessLevel(project.owner, user)) : direct;
  }
}

export function groupAccessLevel(group: Group, user: User): number {
  if (user.admin) return accessLevels.admin;
  const own = group.members.get(user.id) ?? 0;
  return group.parent === null ? own : Math.max(own, groupAccessLevel(group.parent, user));
}

function setLevel(members: Map<number, number>, user: User, role: Role | null): void {
  if (role === null) members.delete(user.id);
  else members.set(user.id, accessLevels[role]);
}
