import {
  ConnectorError,
  type Cursor,
  type Stored,
  type StreamRecords,
  type SyncSession,
} from '@syncline/connector-sdk';
import {
  createGitLabClient,
  createGraphQlReader,
  createRestReader,
  type GitLabClient,
  type GitLabMemories,
  type GitLabReader,
  type ProjectRecord,
} from '@syncline/gitlab';
import { concurrently } from './concurrently.js';
import type { Settings } from './config.js';

/** Streams that are read side by side. */
const streamsAtOnce = 8;

/** Errors that concern the whole instance: going on with other streams would only repeat them. */
const endsRun = new Set<ConnectorError['kind']>(['auth', 'config', 'rate_limit', 'interrupted']);

/**
 * That many streams may end with 5xx, broken or late answers while others are read: one project's list may be too much for
 * GitLab for weeks. More of them, or all there are, and it is the instance that is ill.
 */
const mostIllStreams = 3;

/** One part of a run that may fail without spoiling the others. */
export interface Job {
  readonly stream: string;
  run(): Promise<void>;
}

/** What all streams of one run share: the session, the reader, the counts, and the end of it all. */
export class SyncRun {
  readonly client: GitLabClient;
  readonly reader: GitLabReader;
  readonly counts = { fetched: 0, stored: 0 };
  /** Those this run reads; empty while it only answers webhooks. */
  projects: readonly ProjectRecord[] = [];
  /** A stream met something that is gone or closed: what is remembered of the projects may be wrong. */
  doubtsProjects = false;
  private ended: ConnectorError | undefined;
  private ill: { readonly stream: string; readonly failure: ConnectorError }[] = [];
  private readonly said = new Set<string>();
  private done = 0;
  private total = 0;

  constructor(
    readonly session: SyncSession,
    readonly settings: Settings,
    memories: GitLabMemories,
    connection: string,
  ) {
    const { instance, reading } = settings;
    this.client = createGitLabClient(session.http(instance), instance);
    this.reader =
      reading === 'rest'
        ? createRestReader(this.client)
        : createGraphQlReader(this.client, {
            memory: memories.of(instance),
            connection,
            fresh: session.request.mode !== 'incremental' || session.request.since !== undefined,
            now: () => session.now(),
            signal: session.signal,
            say: (message) => {
              session.log.info(message);
            },
          });
  }

  /** For what concerns the whole run: each sentence is written once. */
  debugOnce(message: string): void {
    if (this.said.has(message)) return;
    this.said.add(message);
    this.session.log.debug(message);
  }

  /** Throws when the run is to end: called before each request and each commit. */
  guard(): void {
    if (this.session.signal.aborted || this.ended !== undefined) {
      throw new ConnectorError('interrupted', 'The run was stopped between two pages');
    }
  }

  async commit(stream: string, records: StreamRecords, cursor: Cursor | undefined): Promise<Stored> {
    this.guard();
    const stored = await this.session.commit(stream, records, cursor);
    this.counts.stored += stored.created + stored.updated;
    return stored;
  }

  /** Does all jobs. A stream's own failure is reported and the rest goes on; the instance's failure ends the run. */
  async all(jobs: readonly Job[]): Promise<void> {
    this.total += jobs.length;
    this.ill = [];
    await concurrently(jobs, (job) => this.attempt(job), streamsAtOnce);
    if (this.ill.length === jobs.length) this.ended ??= this.ill[0]?.failure;
    if (this.ended !== undefined) throw this.ended;
    for (const { stream, failure } of this.ill) this.session.failStream(stream, failure);
  }

  /** Reports a failure that leaves the rest of the run alone, or ends the run by it. */
  fail(stream: string, error: unknown): void {
    const failure = ConnectorError.from(error);
    if (this.session.signal.aborted || endsRun.has(failure.kind)) {
      this.ended ??= this.session.signal.aborted ? interrupted(failure) : failure;
      return;
    }
    if (failure.kind === 'transient') {
      this.ill.push({ stream, failure });
      if (this.ill.length > mostIllStreams) this.ended ??= failure;
      return;
    }
    if (failure.status === 404 || failure.status === 403) this.doubtsProjects = true;
    this.session.failStream(stream, failure);
  }

  private async attempt(job: Job): Promise<void> {
    if (this.ended !== undefined) return;
    try {
      this.guard();
      await job.run();
    } catch (error) {
      this.fail(job.stream, error);
    }
    this.done += 1;
    this.session.progress(this.done, this.total);
  }
}

function interrupted(cause: ConnectorError): ConnectorError {
  if (cause.kind === 'interrupted') return cause;
  return new ConnectorError('interrupted', 'The run was stopped', { cause });
}
