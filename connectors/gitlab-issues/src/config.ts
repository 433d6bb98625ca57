import {
  ConnectorError,
  issueFieldNames,
  type Instance,
  type IssueFieldName,
  type LinkSide,
} from '@syncline/connector-sdk';
import type { Flow, IssueFilter, SyncPolicy } from '@syncline/tracker-sync';

/** One project of one GitLab. */
export interface SideConfig {
  readonly instance: Instance;
  /** Full path or numeric id. */
  readonly project: string | number;
}

/** The config as the host hands it over: validated, with instances in the places of their ids. */
export interface GitLabIssuesConfig {
  readonly source: SideConfig;
  readonly target: SideConfig;
  readonly bidirectional?: boolean;
  /** A list or one comma-separated text; empty: all. */
  readonly fields?: readonly string[] | string;
  readonly filter?: Omit<IssueFilter, 'labels' | 'notLabels'> & {
    readonly labels?: readonly string[] | string;
    readonly notLabels?: readonly string[] | string;
  };
  readonly comments?: boolean;
  readonly attachments?: boolean;
  readonly confidential?: SyncPolicy['confidential'];
  readonly conflictPolicy?: SyncPolicy['conflicts'];
  readonly conflictGranularity?: SyncPolicy['granularity'];
  readonly matchExisting?: SyncPolicy['match'];
  readonly onDelete?: SyncPolicy['onDelete'];
  readonly onCommentDelete?: SyncPolicy['onCommentDelete'];
  readonly onMove?: SyncPolicy['onMove'];
  readonly unmappedUsers?: SyncPolicy['unmappedUsers'];
  readonly webhookSecret?: string;
  readonly signingToken?: string;
}

/** The config in the words of the engine: the source is the left side. */
export interface Settings {
  readonly sides: Readonly<Record<LinkSide, SideConfig>>;
  readonly policy: SyncPolicy;
  /** Sides that are written to. */
  readonly written: readonly LinkSide[];
}

/** The key of the config that names a side. */
export const configKeys = { left: 'source', right: 'target' } as const;

/** Throws `config` with the path of the key that makes no sense. */
export function readSettings(config: GitLabIssuesConfig): Settings {
  const flow: Flow = config.bidirectional === true ? 'both' : 'toRight';
  const fields = readFields(config.fields);
  const filter = readFilter(config.filter);
  return {
    sides: { left: config.source, right: config.target },
    written: config.bidirectional === true ? ['left', 'right'] : ['right'],
    policy: {
      fields: Object.fromEntries(fields.map((name) => [name, flow])),
      creates: flow,
      ...(config.comments === false ? {} : { comments: flow }),
      attachments: config.attachments ?? true,
      confidential: config.confidential ?? 'preserve',
      conflicts: config.conflictPolicy ?? 'ask',
      granularity: config.conflictGranularity ?? 'field',
      ...(filter === undefined ? {} : { filter }),
      match: config.matchExisting ?? 'marker',
      onDelete: config.onDelete ?? 'sever',
      onMove: config.onMove ?? 'follow',
      onCommentDelete: config.onCommentDelete ?? 'keep',
      unmappedUsers: config.unmappedUsers ?? 'unassigned',
    },
  };
}

function readFields(value: GitLabIssuesConfig['fields']): readonly IssueFieldName[] {
  const names = list(value);
  for (const name of names) {
    if (isFieldName(name)) continue;
    throw new ConnectorError('config', `Issues have no field ${name} that can be kept in step`, {
      hint: `Choose from ${issueFieldNames.join(', ')}.`,
      path: '/config/fields',
    });
  }
  return names.length === 0 ? issueFieldNames : names.filter(isFieldName);
}

function readFilter(filter: GitLabIssuesConfig['filter']): IssueFilter | undefined {
  if (filter === undefined) return undefined;
  const { createdAfter, ...rest } = filter;
  if (createdAfter !== undefined && Number.isNaN(Date.parse(createdAfter))) {
    throw new ConnectorError('config', `${createdAfter} is not a date`, {
      hint: 'Write it as 2026-01-31.',
      path: '/config/filter/createdAfter',
    });
  }
  const [labels, notLabels] = [list(filter.labels), list(filter.notLabels)];
  const both = labels.find((label) => notLabels.includes(label));
  if (both !== undefined) {
    throw new ConnectorError('config', `No issue can have the label ${both} and not have it`, {
      hint: 'Take it out of one of the two lists.',
      path: '/config/filter/notLabels',
    });
  }
  return {
    ...rest,
    labels,
    notLabels,
    ...(createdAfter === undefined ? {} : { createdAfter: new Date(createdAfter).toISOString() }),
  };
}

function list(value: readonly string[] | string | undefined): string[] {
  const parts = typeof value === 'string' ? value.split(',') : (value ?? []);
  return [...new Set(parts.map((part) => part.trim()).filter((part) => part !== ''))];
}

function isFieldName(value: string): value is IssueFieldName {
  return issueFieldNames.some((name) => name === value);
}
