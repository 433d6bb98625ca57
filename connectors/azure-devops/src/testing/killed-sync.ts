import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  ConnectorError,
  type ConnectionId,
  type Connector,
  type HttpRequest,
  type HttpResponse,
  type SyncRequest,
  type SyncResult,
  type SyncSession,
} from '@syncline/connector-sdk';
import type { AzureDevOpsConfig } from '../config.js';
import { azureDevOps } from '../connector.js';

/** A plain Node on compiled code. */
const program = fileURLToPath(new URL('./sync-child.mjs', import.meta.url));

interface ChildTask {
  readonly config: AzureDevOpsConfig;
  readonly connectionId: string;
  readonly request: SyncRequest;
  readonly now: string;
}

interface ChildCall {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

type Answer =
  ChildCall | { readonly result: SyncResult } | { readonly failure: { kind: 'permanent'; message: string } };

/**
 * The connector with its sync in a child process, which is killed with -9 at a given step. Steps are what the child asks
 * of its host, and the requests of its git, which the servers report by `step()`.
 */
export class KilledSync {
  steps = 0;
  private child: ChildProcess | undefined;
  private killAt = Number.POSITIVE_INFINITY;

  readonly connector: Connector<AzureDevOpsConfig> = {
    check: azureDevOps.check.bind(azureDevOps),
    sync: (session, config, connectionId) => this.sync(session, config, connectionId),
  };

  /** From the next sync on; without a number the child lives. */
  arm(killAt = Number.POSITIVE_INFINITY): void {
    this.steps = 0;
    this.killAt = killAt;
  }

  step(): void {
    this.steps += 1;
    if (this.steps === this.killAt) this.child?.kill('SIGKILL');
  }

  private sync(session: SyncSession, config: AzureDevOpsConfig, connectionId: ConnectionId): Promise<SyncResult> {
    const child = fork(program, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
    this.child = child;
    return new Promise((resolve, reject) => {
      child.on('exit', () => {
        reject(new ConnectorError('interrupted', 'the process died'));
      });
      child.on('message', (message: Answer) => {
        if ('result' in message) resolve(message.result);
        else if ('failure' in message) reject(new ConnectorError(message.failure.kind, message.failure.message));
        else void this.answer(child, session, config, message);
      });
      const task: ChildTask = { config, connectionId, request: session.request, now: session.now().toISOString() };
      child.send(task);
    });
  }

  /** The parent does what was asked, and then the child may be dead before it hears of it. */
  private async answer(
    child: ChildProcess,
    session: SyncSession,
    config: AzureDevOpsConfig,
    call: ChildCall,
  ): Promise<void> {
    try {
      const value = await perform(session, config, call);
      this.step();
      if (child.connected) child.send({ id: call.id, value }, () => undefined);
    } catch (error) {
      if (child.connected) child.send({ id: call.id, error: ConnectorError.from(error).message }, () => undefined);
    }
  }
}

async function perform(session: SyncSession, config: AzureDevOpsConfig, { method, args }: ChildCall): Promise<unknown> {
  if (method === 'http') return performHttp(session, config, args as [string, HttpRequest, boolean]);
  // What the child sent is what the session takes, but for dates, which became texts on the way.
  const [first, second, third] = args as [never, never, never];
  switch (method) {
    case 'commit':
      return session.commit(first, revived(second), third);
    case 'versions':
      return [...(await session.versions(first))];
    case 'checkpoint':
      return session.checkpoint(first);
    case 'dueItems':
      return session.dueItems(first);
    case 'find':
      return session.links.find(first, second, third);
    case 'intend':
      return session.links.intend(first);
    case 'confirm':
      return session.links.confirm(first);
    case 'rebase':
      return session.links.rebase(first);
    default:
      throw new Error(`nobody can ${method}`);
  }
}

function performHttp(
  session: SyncSession,
  { gitlab, azure }: AzureDevOpsConfig,
  [id, request, hasBody]: [string, HttpRequest, boolean],
): Promise<HttpResponse> {
  const instance = id === gitlab.instance.id ? gitlab.instance : azure.instance;
  const body = hasBody && typeof request.body === 'string' ? Buffer.from(request.body, 'base64') : undefined;
  return session.http(instance).request({ ...request, ...(body === undefined ? {} : { body }) });
}

function revived(records: { events?: readonly { version: { updatedAt: string }; occurredAt: string }[] }): never {
  const events = records.events?.map((event) => ({
    ...event,
    occurredAt: new Date(event.occurredAt),
    version: { updatedAt: new Date(event.version.updatedAt) },
  }));
  return { ...records, ...(events === undefined ? {} : { events }) } as never;
}
