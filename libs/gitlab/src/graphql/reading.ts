import type { GitLabClient } from '../client.js';
import { Asker } from './asker.js';
import { GraphQlFailure } from './failure.js';
import type { GitLabMemory } from './memory.js';
import { downMs, type Feature, heavyMs, lackingMs } from './way.js';

export interface ReadingOptions {
  /** Kept from run to run, so that what was found out about an instance is not found out at each poll. */
  readonly memory: GitLabMemory;
  /** Who reads: answers are shared with others, never given twice to the same. */
  readonly connection: string;
  /** No answers that others asked for: this run wants to see the remote as it is now. */
  readonly fresh?: boolean;
  readonly now: () => Date;
  /** Ends waits for what others asked; own requests have it from the HTTP client. */
  readonly signal: AbortSignal;
  /** Tells the connection's owner what is read by REST, and why; each sentence once a run. */
  readonly say: (message: string) => void;
}

const words: Readonly<Record<Feature, string>> = {
  merge_requests: 'merge requests',
  pipelines: 'pipelines',
  releases: 'releases',
  branches: 'branches',
  registry: 'registry repositories',
  tags: 'image tags',
};

const probe = {
  operationName: 'SynclineProbe',
  text: 'query SynclineProbe {\n  queryComplexity { score limit }\n  metadata { version }\n}',
  variables: {},
};

/** What all readers of one run share: asking, and what follows from an answer of no use. */
export class Reading {
  readonly asker: Asker;
  readonly memory: GitLabMemory;
  readonly now: () => Date;
  private readonly said = new Set<string>();

  constructor(
    client: GitLabClient,
    readonly options: ReadingOptions,
  ) {
    this.memory = options.memory;
    this.now = options.now;
    this.asker = new Asker(client, options.now);
  }

  /** May this be asked by GraphQL? Finds out first, where nobody knows yet. */
  async isOpen(feature: Feature, id?: number): Promise<boolean> {
    if (this.isClosed(feature, id)) return false;
    if (!this.memory.way.isKnown) await this.findOut();
    return !this.isClosed(feature, id);
  }

  /** What follows from a failure that is not cured by asking for less. `id`: whose part of the answer it was. */
  giveUp(failure: GraphQlFailure, feature: Feature, id: number): void {
    const { way } = this.memory;
    const from = this.now().getTime();
    const until = (ms: number): Date => new Date(from + ms);
    if (failure.kind === 'absent') way.close(failure.message, until(lackingMs));
    else if (failure.kind === 'down') way.close(failure.message, until(downMs));
    else if (failure.kind === 'complex') way.closeFeature(feature, failure.message, until(heavyMs));
    else if (failure.kind === 'lacking') way.closeFeature(feature, failure.message, until(lackingMs));
    else way.closeOne(feature, id, failure.message, until(heavyMs));
    this.isClosed(feature, id);
  }

  /** GitLab says nothing about what the token may not see: neither that it is there, nor that it is not. */
  sayHidden(projectId: number, feature: Feature | undefined): void {
    const what = feature === undefined ? '' : `${words[feature]} of `;
    this.sayOnce(`GraphQL does not show ${what}project ${projectId}; REST is asked`);
  }

  private sayOnce(message: string): void {
    if (this.said.has(message)) return;
    this.said.add(message);
    this.options.say(message);
  }

  private isClosed(feature: Feature, id: number | undefined): boolean {
    const { way } = this.memory;
    const whole = way.objection(this.now());
    if (whole !== undefined) {
      this.sayOnce(`GitLab's GraphQL cannot be used (${whole}); everything is read by REST`);
      return true;
    }
    const reason = way.objection(this.now(), feature, id);
    if (reason !== undefined) this.sayOnce(`Some ${words[feature]} are read by REST; GraphQL said: ${reason}`);
    return reason !== undefined;
  }

  /** Waits until work of another run has ended, well or not, or until this run is to end. */
  async othersWork(work: Promise<unknown> | undefined): Promise<void> {
    if (work === undefined) return;
    const { signal } = this.options;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        signal.removeEventListener('abort', end);
        resolve();
      };
      if (signal.aborted) end();
      signal.addEventListener('abort', end);
      work.then(end, end);
    });
  }

  private async findOut(): Promise<void> {
    const { memory } = this;
    const others = memory.probing;
    if (others !== undefined) {
      // Their run may have been stopped meanwhile; that says nothing about GitLab.
      await this.othersWork(others);
      if (memory.way.isKnown || memory.way.objection(this.now()) !== undefined) return;
    }
    const own = this.probe();
    memory.probing = own;
    try {
      await own;
    } finally {
      if (memory.probing === own) memory.probing = undefined;
    }
  }

  private async probe(): Promise<void> {
    try {
      await this.asker.ask(probe);
      this.memory.way.opened();
    } catch (error) {
      if (!(error instanceof GraphQlFailure)) throw error;
      // Whatever it was: a server that cannot answer this is not one to ask for more.
      const ms = error.kind === 'absent' || error.kind === 'lacking' ? lackingMs : downMs;
      this.memory.way.close(error.message, new Date(this.now().getTime() + ms));
    }
  }
}
