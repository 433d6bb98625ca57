import { ConnectorError, type TrackerLabel, type TrackerPlace } from '@syncline/connector-sdk';
import type { z } from 'zod';
import type { GitLabClient } from '../client.js';
import { labelSchema } from './schema.js';
import { readAll } from './whole-list.js';
import { written } from './writing.js';

/** The labels of a project and of the groups above it. */
export class Labels {
  private readonly projectId: number;

  constructor(
    private readonly client: GitLabClient,
    private readonly place: TrackerPlace,
  ) {
    this.projectId = Number(place.projectId);
  }

  async all(search?: string): Promise<TrackerLabel[]> {
    const filter = { includeAncestorGroups: true, ...(search === undefined ? {} : { search }) };
    const labels = await readAll(this.client, labelSchema, `the labels of ${this.place.path}`, (paging) =>
      this.client.projectLabels.all(this.projectId, { ...filter, ...paging }),
    );
    return labels.map(mapLabel);
  }

  /** The name is the identity: a 409 says that it is there, perhaps as a label of a group. */
  async create({ name, color, description }: TrackerLabel): Promise<TrackerLabel> {
    const call = this.client.projectLabels.create(this.projectId, name, color, { description });
    try {
      return mapLabel(await written(call, labelSchema, `label ${name}`));
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.status !== 409 || error.kind === 'transient') throw error;
      // Not by `/labels/:name`: a name of digits would be taken for an id.
      const found = await this.all(name);
      const there =
        found.find((label) => label.name === name) ??
        found.find((label) => label.name.toLowerCase() === name.toLowerCase());
      if (there !== undefined) return there;
      throw error;
    }
  }
}

function mapLabel({ name, color, description }: z.infer<typeof labelSchema>): TrackerLabel {
  return { name, color: color.toLowerCase(), description: description ?? '' };
}
