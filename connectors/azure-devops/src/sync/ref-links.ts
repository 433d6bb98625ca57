import type { JsonObject, Link, LinkRef, SyncSession } from '@syncline/connector-sdk';
import { shortRef, type KnownRef, type RefOperation, type RefVerdict, type WantedRef } from '../refs/ref-plan.js';
import type { AzureDevOpsConfig } from '../config.js';
import type { Ends } from './remotes.js';

/** A few thousand refs are one statement to the host; more are taken in parts. */
const batch = 1_000;

/** What a link of kind `ref` says about its two sides. */
export interface LinkedRef extends KnownRef {
  readonly id: string;
  /** Of an intent: what Azure DevOps had then, and when it was. */
  readonly before?: string;
  readonly at?: string;
  /** The pair belongs to a manual run that gave the branch another name: GitLab has no ref of that name to miss. */
  readonly isRenamed: boolean;
  /** What was last written down of a ref whose sides differ: outcome and shas. */
  readonly mark?: string;
  readonly isGone: boolean;
}

/** A ref both sides agree on now. */
export interface Agreement {
  readonly target: string;
  readonly source: string;
  /** null after a deletion. */
  readonly sha: string | null;
}

/** The links of one connection's refs: the record of what was pushed, and of what was about to be. */
export class RefLinks {
  private readonly byTarget = new Map<string, LinkedRef>();
  private readonly apart = new Set<string>();

  constructor(
    private readonly session: SyncSession,
    private readonly config: AzureDevOpsConfig,
    private readonly ends: Ends,
  ) {}

  get known(): ReadonlyMap<string, LinkedRef> {
    return this.byTarget;
  }

  /** Refs that people took apart: a run leaves them so. */
  get severed(): ReadonlySet<string> {
    return this.apart;
  }

  /** Reads the links of these refs, by their names in Azure DevOps. */
  async load(targets: Iterable<string>): Promise<void> {
    for (const keys of inBatches([...targets])) {
      const projectId = this.ends.azure.id;
      const found = await this.session.links.find(
        'ref',
        'right',
        keys.map((key) => ({ projectId, key })),
      );
      for (const link of found) this.take(link);
    }
  }

  /** Before a push: what will be pushed, in one go, so that a successor knows what a lost run may have done. */
  async intend(operations: readonly RefOperation[], at: Date): Promise<void> {
    const baselineOf = ({ target, sha, lease }: RefOperation): NonNullable<Link['baseline']> => ({
      left: { sha: sha ?? null },
      right: {
        sha: lease ?? null,
        pushed: this.byTarget.get(target)?.pushed ?? null,
        intended: sha ?? null,
        before: lease ?? null,
        at: at.toISOString(),
      },
    });
    await this.makeMissing(operations.map(({ source, target }) => ({ source: source ?? target, target })));
    for (const part of inBatches(operations)) {
      await this.session.links.rebase(
        part.map((operation) => ({
          id: this.get(operation.target).id,
          baseline: baselineOf(operation),
          reason: `Noted before the push: ${operation.lease ?? 'none'} is to become ${operation.sha ?? 'none'}.`,
        })),
      );
    }
  }

  /** After the remote was read again: what both sides have. */
  async agree(agreements: readonly Agreement[]): Promise<void> {
    await this.makeMissing(agreements);
    for (const part of inBatches(agreements)) {
      await this.session.links.confirm(
        part.map(({ source, target, sha }) => ({
          id: this.get(target).id,
          // A repository that was deleted and made again has another id: the link follows.
          left: this.left(source, target),
          right: this.right(target),
          baseline: { left: { sha }, right: { ...settled, sha, pushed: sha } },
        })),
      );
      const gone = part.filter(({ sha, target }) => sha === null && !this.get(target).isGone);
      if (gone.length === 0) continue;
      await this.session.links.rebase(
        gone.map(({ target }) => ({
          id: this.get(target).id,
          baseline: {},
          state: 'gone' as const,
          reason: 'Neither side has it any more.',
        })),
      );
    }
  }

  /** Of refs whose sides differ: what each side has, and why it stays so. An intent that came to nothing ends here. */
  async differ(verdicts: readonly RefVerdict[]): Promise<void> {
    const news = verdicts.filter((verdict) => {
      const known = this.byTarget.get(verdict.target);
      return known?.mark !== markOf(verdict) || known.at !== undefined;
    });
    await this.makeMissing(news.map(({ source, target }) => ({ source: source ?? target, target })));
    for (const part of inBatches(news)) {
      await this.session.links.rebase(
        part.map(({ target, outcome, left, right, reason }) => ({
          id: this.get(target).id,
          baseline: {
            left: { sha: left ?? null },
            right: {
              ...settled,
              sha: right ?? null,
              pushed: this.get(target).pushed ?? null,
              outcome,
              reason: reason ?? null,
            },
          },
          state: 'conflicted' as const,
          reason: `${outcome.replace('_', ' ')}: ${reason ?? 'it is left as it is'}`,
        })),
      );
    }
  }

  /** Intents that came to nothing. */
  async withdraw(targets: readonly string[]): Promise<void> {
    for (const part of inBatches(targets)) {
      await this.session.links.rebase(
        part.map((target) => {
          const { id, pushed = null } = this.get(target);
          const baseline = { left: { sha: pushed }, right: { ...settled, sha: pushed, pushed } };
          return { id, baseline, reason: 'The push came to nothing.' };
        }),
      );
    }
  }

  private async makeMissing(refs: readonly Pick<WantedRef, 'source' | 'target'>[]): Promise<void> {
    const missing = refs.filter(({ target }) => !this.byTarget.has(target));
    for (const part of inBatches(missing)) {
      const links = await this.session.links.intend(
        part.map(({ source, target }) => ({
          kind: 'ref' as const,
          left: this.left(source, target),
          right: this.right(target),
        })),
      );
      for (const link of links) this.take(link);
    }
  }

  left(source: string, target: string): LinkRef {
    const { id, url } = this.ends.gitLab;
    // A colon is in no ref's name: a pair under two names is written as git writes it.
    const key = source === target ? source : `${source}:${target}`;
    const place = source.startsWith('refs/tags/') ? 'tags' : 'tree';
    const title = shortRef(source);
    return {
      instanceId: this.config.gitlab.instance.id,
      projectId: String(id),
      key,
      title,
      url: `${url}/-/${place}/${pathOf(title)}`,
    };
  }

  right(target: string): LinkRef {
    const { id, webUrl } = this.ends.azure;
    const title = shortRef(target);
    const version = `${target.startsWith('refs/tags/') ? 'GT' : 'GB'}${encodeURIComponent(title)}`;
    const url = webUrl === undefined ? {} : { url: `${webUrl}?version=${version}` };
    return { instanceId: this.config.azure.instance.id, projectId: id, key: target, title, ...url };
  }

  private take(link: Link): void {
    const target = link.right?.key;
    if (target === undefined) return;
    if (link.state === 'severed') {
      if (!this.byTarget.has(target)) this.apart.add(target);
      return;
    }
    this.apart.delete(target);
    const right = link.baseline?.right ?? {};
    this.byTarget.set(target, {
      id: link.id,
      isRenamed: link.left?.key.includes(':') === true,
      isGone: link.state === 'gone',
      ...(link.state === 'conflicted' ? { mark: markIn(link) } : {}),
      ...field(right, 'pushed', 'pushed'),
      ...field(right, 'intended', 'intended'),
      ...field(right, 'before', 'before'),
      ...field(right, 'at', 'at'),
    });
  }

  private get(target: string): LinkedRef {
    const link = this.byTarget.get(target);
    if (link === undefined) throw new Error(`the ref ${target} has no link`);
    return link;
  }
}

/** Of a right side without an open intent. */
const settled = { intended: null, before: null, at: null } as const;

function markOf({ outcome, left, right }: RefVerdict): string {
  return JSON.stringify([outcome, left ?? null, right ?? null]);
}

function markIn({ baseline }: Link): string {
  const { left, right } = baseline ?? {};
  return JSON.stringify([right?.['outcome'] ?? null, left?.['sha'] ?? null, right?.['sha'] ?? null]);
}

function field<K extends string>(from: JsonObject, name: string, to: K): Partial<Record<K, string>> {
  const found: Partial<Record<K, string>> = {};
  const value = from[name];
  if (typeof value === 'string') found[to] = value;
  return found;
}

function pathOf(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

function* inBatches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += batch) yield items.slice(at, at + batch);
}
