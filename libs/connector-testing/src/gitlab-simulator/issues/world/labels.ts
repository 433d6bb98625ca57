import { isGroup, type Group, type Project } from '../../model/project.js';
import type { WorldCore } from '../../world/world-core.js';
import type { Label } from '../model/label.js';
import { InvalidRecord } from './invalid-record.js';

export interface NewLabel {
  readonly name: string;
  /** `#rgb`, `#rrggbb` or one of the basic colour names. Default: GitLab's own. */
  readonly color?: string;
  readonly description?: string | null;
  readonly priority?: number | null;
}

export type LabelPatch = Partial<NewLabel>;

/** What GitLab gives to labels that are made by naming them. */
const defaultColor = '#6699cc';

const namedColors: Readonly<Record<string, string>> = {
  black: '#000000',
  silver: '#c0c0c0',
  gray: '#808080',
  white: '#ffffff',
  maroon: '#800000',
  red: '#ff0000',
  purple: '#800080',
  fuchsia: '#ff00ff',
  green: '#008000',
  lime: '#00ff00',
  olive: '#808000',
  yellow: '#ffff00',
  navy: '#000080',
  blue: '#0000ff',
  teal: '#008080',
  aqua: '#00ffff',
  orange: '#ffa500',
};

/** Labels of projects and groups. None of their changes moves an issue's `updated_at`. */
export class Labels {
  constructor(
    private readonly core: WorldCore,
    private readonly projects: () => Iterable<Project>,
  ) {}

  create(owner: Project | Group, options: NewLabel): Label {
    const name = checkedName(options.name);
    if (this.taken(owner, name)) throw new InvalidRecord({ title: ['has already been taken'] });
    const at = this.core.clock.stamp();
    const label: Label = {
      id: this.core.nextId('label'),
      owner,
      name,
      color: checkedColor(options.color ?? defaultColor),
      description: options.description ?? null,
      priority: options.priority ?? null,
      createdAt: at,
      updatedAt: at,
    };
    owner.labels.set(name, label);
    return label;
  }

  /** The label of that name which the project has or inherits. */
  find(project: Project, name: string): Label | undefined {
    for (const owner of owners(project)) {
      const label = owner.labels.get(name);
      if (label !== undefined) return label;
    }
    return undefined;
  }

  /** Finds it, or makes it in the project. */
  ensure(project: Project, name: string): Label {
    return this.find(project, name) ?? this.create(project, { name });
  }

  /** The owner's own labels and, where asked, inherited ones, by name. */
  list(owner: Project | Group, inherited = true): Label[] {
    const found = (inherited ? owners(owner) : [owner]).flatMap((each) => [...each.labels.values()]);
    return found.sort((left, right) => (left.name.toLowerCase() < right.name.toLowerCase() ? -1 : 1));
  }

  taken(owner: Project | Group, name: string): boolean {
    return owners(owner).some((each) => each.labels.has(name));
  }

  update(label: Label, patch: LabelPatch): void {
    const name = patch.name === undefined ? label.name : checkedName(patch.name);
    if (name !== label.name && this.taken(label.owner, name))
      throw new InvalidRecord({ title: ['has already been taken'] });
    const color = patch.color === undefined ? label.color : checkedColor(patch.color);
    if (name !== label.name) this.rename(label, name);
    label.color = color;
    if (patch.description !== undefined) label.description = patch.description;
    if (patch.priority !== undefined) label.priority = patch.priority;
    label.updatedAt = this.core.clock.stamp();
    this.core.epoch += 1;
  }

  /** Takes it off everything that had it. */
  delete(label: Label): void {
    label.owner.labels.delete(label.name);
    for (const project of this.within(label.owner)) {
      for (const issue of project.issues.byIid.values()) {
        if (issue.labels.includes(label)) issue.labels = issue.labels.filter((each) => each !== label);
      }
      for (const mergeRequest of project.mergeRequests.values()) {
        mergeRequest.labels = mergeRequest.labels.filter((each) => each !== label.name);
      }
    }
    this.core.epoch += 1;
  }

  private rename(label: Label, name: string): void {
    const former = label.name;
    label.owner.labels.delete(former);
    label.name = name;
    label.owner.labels.set(name, label);
    for (const project of this.within(label.owner)) {
      for (const issue of project.issues.byIid.values()) {
        if (issue.labels.includes(label)) issue.labels = sortedLabels(issue.labels);
      }
      for (const mergeRequest of project.mergeRequests.values()) {
        mergeRequest.labels = mergeRequest.labels.map((each) => (each === former ? name : each)).sort();
      }
    }
  }

  private within(owner: Project | Group): Project[] {
    return [...this.projects()].filter((project) => owners(project).includes(owner));
  }
}

/** The project or group itself, then its group, and so on up. */
export function owners(owner: Project | Group): (Project | Group)[] {
  const chain: (Project | Group)[] = [owner];
  let group = 'issues' in owner ? (isGroup(owner.owner) ? owner.owner : null) : owner.parent;
  for (; group !== null; group = group.parent) chain.push(group);
  return chain;
}

export function sortedLabels(labels: readonly Label[]): Label[] {
  return [...new Set(labels)].sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
}

function checkedName(text: string): string {
  const name = text.trim();
  if (name === '') throw new InvalidRecord({ title: ["can't be blank"] });
  if (name.length > 255) throw new InvalidRecord({ title: ['is too long (maximum is 255 characters)'] });
  if (name.includes(',')) throw new InvalidRecord({ title: ['is invalid'] });
  return name;
}

function checkedColor(text: string): string {
  const color = namedColors[text.toLowerCase()] ?? text.toLowerCase();
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(color);
  if (short !== null)
    return `#${short
      .slice(1)
      .map((digit) => digit + digit)
      .join('')}`;
  if (!/^#[0-9a-f]{6}$/.test(color)) throw new InvalidRecord({ color: ['must be a valid color code'] });
  return color;
}
