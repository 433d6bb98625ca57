import type { Instance } from '@syncline/connector-sdk';
import type { RefPatterns } from './refs/ref-patterns.js';

/** The config as the host hands it over: validated, with instances in the place of their ids. */
export interface AzureDevOpsConfig {
  readonly gitlab: { readonly instance: Instance; readonly project: string | number };
  readonly azure: {
    readonly instance: Instance;
    readonly project: string;
    readonly repository: string;
    readonly createIfMissing?: boolean;
  };
  /** Patterns; a list or one comma-separated text. */
  readonly branches?: readonly string[] | string;
  readonly tags?: readonly string[] | string;
  readonly deletions?: 'keep' | 'mirror';
  readonly divergence?: 'stop' | 'force-with-lease';
  readonly onMergeRequest?: boolean;
  readonly trigger?: { readonly pipelineId?: number };
  readonly statusBack?: boolean;
  readonly webhookSecret?: string;
  readonly signingToken?: string;
}

/** The patterns in one form. An empty text or list means what leaving it out means. */
export function patternsOf({ branches, tags }: AzureDevOpsConfig): RefPatterns {
  const [forBranches, forTags] = [list(branches), list(tags)];
  return {
    ...(forBranches === undefined ? {} : { branches: forBranches }),
    ...(forTags === undefined ? {} : { tags: forTags }),
  };
}

function list(value: readonly string[] | string | undefined): readonly string[] | undefined {
  const parts = typeof value === 'string' ? value.split(',') : (value ?? []);
  const patterns = parts.map((part) => part.trim()).filter((part) => part !== '');
  return patterns.length === 0 ? undefined : patterns;
}
