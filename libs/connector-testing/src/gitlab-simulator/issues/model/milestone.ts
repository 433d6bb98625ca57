import type { Group, Project } from '../../model/project.js';

/** A milestone of a project, or of a group and then of everything inside it. */
export interface Milestone {
  readonly id: number;
  readonly iid: number;
  readonly owner: Project | Group;
  title: string;
  description: string;
  state: 'active' | 'closed';
  readonly createdAt: number;
  updatedAt: number;
  /** `YYYY-MM-DD`. */
  dueDate: string | null;
  startDate: string | null;
}
