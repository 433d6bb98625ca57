import { ConnectorError, type NewMilestone, type TrackerMilestone, type TrackerPlace } from '@syncline/connector-sdk';
import type { GitLabClient } from '../client.js';
import { mapMilestone } from './mapping.js';
import { milestoneSchema } from './schema.js';
import { readAll } from './whole-list.js';
import { written } from './writing.js';

/** The milestones of a project and of the groups above it. */
export class Milestones {
  private readonly projectId: number;

  constructor(
    private readonly client: GitLabClient,
    private readonly place: TrackerPlace,
  ) {
    this.projectId = Number(place.projectId);
  }

  /** The parameter was renamed in 16.7; GitLab ignores names it does not know, and takes both together. */
  async all(title?: string): Promise<TrackerMilestone[]> {
    const inherited = { includeParentMilestones: true, includeAncestors: true };
    const filter = { ...inherited, ...(title === undefined ? {} : { title }) };
    const milestones = await readAll(this.client, milestoneSchema, `the milestones of ${this.place.path}`, (paging) =>
      this.client.projectMilestones.all(this.projectId, { ...filter, ...paging }),
    );
    return milestones.map((milestone) => mapMilestone(milestone, this.place));
  }

  /** GitLab creates active ones only; a closed one is closed by a second request. */
  async create(milestone: NewMilestone): Promise<TrackerMilestone> {
    const { title, description, startDate, dueDate } = milestone;
    const options = {
      description,
      ...(startDate === null ? {} : { startDate }),
      ...(dueDate === null ? {} : { dueDate }),
    };
    let created: TrackerMilestone;
    try {
      const call = this.client.projectMilestones.create(this.projectId, title, options);
      created = mapMilestone(await written(call, milestoneSchema, `milestone ${title}`), this.place);
    } catch (error) {
      // Titles are unique among the project's and its groups'.
      if (!(error instanceof ConnectorError) || error.status !== 400) throw error;
      const there = (await this.all(title)).find((one) => one.title === title);
      if (there === undefined) throw error;
      return there;
    }
    return milestone.state === 'closed' ? this.update(created.key, { state: 'closed' }) : created;
  }

  async update(key: string, patch: Partial<NewMilestone>): Promise<TrackerMilestone> {
    const { title, description, state, startDate, dueDate } = patch;
    const options = {
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
      ...(startDate === undefined ? {} : { startDate: startDate ?? '' }),
      ...(dueDate === undefined ? {} : { dueDate: dueDate ?? '' }),
      ...(state === undefined ? {} : { stateEvent: state === 'closed' ? ('close' as const) : ('activate' as const) }),
    };
    const call = this.client.projectMilestones.edit(this.projectId, milestoneNumber(key), options);
    return mapMilestone(await written(call, milestoneSchema, `milestone ${key}`), this.place);
  }
}

function milestoneNumber(key: string): number {
  if (/^[1-9]\d{0,15}$/.test(key)) return Number(key);
  throw new ConnectorError('permanent', `${key.slice(0, 40)} is not the id of a milestone.`, { status: 404 });
}
