import type { Group, Project } from '../../model/project.js';
import type { WorldCore } from '../../world/world-core.js';
import type { Milestone } from '../model/milestone.js';
import { InvalidRecord } from './invalid-record.js';
import { owners } from './labels.js';

export interface NewMilestone {
  readonly title: string;
  readonly description?: string;
  /** `YYYY-MM-DD`. */
  readonly dueDate?: string | null;
  readonly startDate?: string | null;
}

export type MilestonePatch = Partial<NewMilestone> & { readonly state?: Milestone['state'] };

/** Milestones of projects and groups. A rename moves no issue's `updated_at`. */
export class Milestones {
  constructor(private readonly core: WorldCore) {}

  create(owner: Project | Group, options: NewMilestone): Milestone {
    const title = this.checkedTitle(owner, options.title);
    const dates = checkedDates(options.startDate ?? null, options.dueDate ?? null);
    const at = this.core.clock.stamp();
    const milestone: Milestone = {
      id: this.core.nextId('milestone'),
      iid: 'issues' in owner ? owner.nextIid('milestone') : this.core.nextId(`milestone of group ${owner.id}`),
      owner,
      title,
      description: options.description ?? '',
      state: 'active',
      createdAt: at,
      updatedAt: at,
      ...dates,
    };
    owner.milestones.set(milestone.id, milestone);
    return milestone;
  }

  update(milestone: Milestone, patch: MilestonePatch): void {
    const title =
      patch.title === undefined ? milestone.title : this.checkedTitle(milestone.owner, patch.title, milestone);
    const dates = checkedDates(
      patch.startDate === undefined ? milestone.startDate : patch.startDate,
      patch.dueDate === undefined ? milestone.dueDate : patch.dueDate,
    );
    Object.assign(milestone, dates, { title });
    if (patch.description !== undefined) milestone.description = patch.description;
    if (patch.state !== undefined) milestone.state = patch.state;
    milestone.updatedAt = this.core.clock.stamp();
    this.core.epoch += 1;
  }

  /** By its instance-wide id, in the project or its groups. */
  find(owner: Project | Group, id: number): Milestone | undefined {
    for (const each of owners(owner)) {
      const milestone = each.milestones.get(id);
      if (milestone !== undefined) return milestone;
    }
    return undefined;
  }

  findByTitle(owner: Project | Group, title: string): Milestone | undefined {
    return this.list(owner).find((milestone) => milestone.title === title);
  }

  list(owner: Project | Group, inherited = true): Milestone[] {
    return (inherited ? owners(owner) : [owner]).flatMap((each) => [...each.milestones.values()]);
  }

  private checkedTitle(owner: Project | Group, text: string, itself?: Milestone): string {
    const title = text.trim();
    if (title === '') throw new InvalidRecord({ title: ["can't be blank"] });
    if (title.length > 255) throw new InvalidRecord({ title: ['is too long (maximum is 255 characters)'] });
    const other = this.findByTitle(owner, title);
    if (other !== undefined && other !== itself)
      throw new InvalidRecord({ title: ['already being used for another group or project milestone.'] });
    return title;
  }
}

function checkedDates(startDate: string | null, dueDate: string | null) {
  if (startDate !== null && dueDate !== null && dueDate < startDate)
    throw new InvalidRecord({ due_date: ['must be greater than start date'] });
  return { startDate, dueDate };
}
