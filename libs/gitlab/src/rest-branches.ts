import { ConnectorError } from '@syncline/connector-sdk';
import type { GitLabClient } from './client.js';
import { parseItems, parseOne } from './page.js';
import type { BranchHead } from './records.js';
import { branchSchema } from './schema/repository.js';

/** Names in one pattern: keeps the address far below what proxies accept. */
const MAX_PATTERN_NAMES = 50;

/**
 * Heads of named branches, several in one request by `regex` (RE2, in GitLab since 12.7; other implementations ignore
 * it). An answer with names that were not asked for shows that it was ignored: from then on each branch is asked for.
 */
export class BranchHeads {
  private understandsRegex = true;

  constructor(private readonly client: GitLabClient) {}

  async read(projectId: number, names: readonly string[]): Promise<BranchHead[]> {
    const unique = [...new Set(names)];
    if (unique.length <= 1 || !this.understandsRegex) return this.readEach(projectId, unique);
    const heads: BranchHead[] = [];
    for (let at = 0; at < unique.length; at += MAX_PATTERN_NAMES) {
      const chunk = unique.slice(at, at + MAX_PATTERN_NAMES);
      heads.push(...(await this.readChunk(projectId, chunk)));
    }
    return heads;
  }

  private async readChunk(projectId: number, names: readonly string[]): Promise<BranchHead[]> {
    const options = { regex: `^(${names.map(escapePattern).join('|')})$` };
    const raw = await this.orUndefined(
      this.client.page(1, (paging) => this.client.branches.all(projectId, { ...options, ...paging })),
    );
    if (raw === undefined) return [];
    const items = parseItems(raw.items, branchSchema, 'name', `a branch of project ${projectId}`);
    const heads = items.flatMap((item) => (item.ok ? [item.value] : []));
    if (heads.every(({ name }) => names.includes(name))) return heads;
    this.understandsRegex = false;
    return this.readEach(projectId, names);
  }

  private async readEach(projectId: number, names: readonly string[]): Promise<BranchHead[]> {
    const heads: BranchHead[] = [];
    for (const name of names) {
      const answer: unknown = await this.orUndefined(this.client.branches.show(projectId, name));
      if (answer !== undefined) heads.push(parseOne(answer, branchSchema, `branch ${name} of project ${projectId}`));
    }
    return heads;
  }

  /** 404: the branch was deleted, or the repository is empty. */
  private async orUndefined<T>(call: Promise<T>): Promise<T | undefined> {
    try {
      return await call;
    } catch (error) {
      if (error instanceof ConnectorError && error.status === 404) return undefined;
      throw error;
    }
  }
}

function escapePattern(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
