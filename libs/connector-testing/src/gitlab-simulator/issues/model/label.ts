import type { Group, Project } from '../../model/project.js';

/** A label of a project, or of a group and then of everything inside it. */
export interface Label {
  readonly id: number;
  readonly owner: Project | Group;
  name: string;
  /** `#rrggbb`, lower case. */
  color: string;
  description: string | null;
  /** Position among the prioritised labels; project by project in GitLab, kept with the label here. */
  priority: number | null;
  readonly createdAt: number;
  updatedAt: number;
}

/** The key of a scoped label, `prio` of `prio::high`: the last `::` splits. Undefined where the label has no scope. */
export function scopeOf(name: string): string | undefined {
  const at = name.lastIndexOf('::');
  return at > 0 && at < name.length - 2 ? name.slice(0, at) : undefined;
}
