import { ConnectorError, type JsonObject, type WebhookRequest } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { isJsonObject } from '../connections/merge-patch.js';
import { WebhookReceiver } from '../deliveries/webhook-receiver.js';
import { Problem } from '../http/problem.js';
import { type CodeConnection, CodeConnections, named, narrow } from './code-connections.js';

interface Candidate {
  readonly connection: CodeConnection;
  /** `unsigned`: it has no secret and takes what anybody sends. */
  readonly verdict: 'signed' | 'unsigned' | 'refused' | 'unusable';
}

/** Finds the connection that a delivery without an id is for. */
@Injectable()
export class GitLabHook {
  constructor(
    private readonly connections: CodeConnections,
    private readonly receiver: WebhookReceiver,
  ) {}

  /**
   * The id of the only one there is; of several the only one that takes the delivery and carries its project. One that
   * nobody's secret fits goes to one that refuses it. Throws a `Problem` 409.
   */
  async addressee(request: WebhookRequest): Promise<string> {
    const all = await this.connections.all();
    const [only] = all;
    if (only !== undefined && all.length === 1) return only.id;
    const candidates = await Promise.all(all.map((connection) => this.judge(connection, request)));
    const taking = candidates.filter(({ verdict }) => verdict === 'signed' || verdict === 'unsigned');
    const [refusing] = narrow(candidates, ({ verdict }) => verdict === 'refused');
    if (taking.length === 0 && refusing !== undefined) return refusing.connection.id;
    const fitting = fittest(taking, request);
    const [fit] = fitting;
    if (fit !== undefined && fitting.length === 1) return fit.connection.id;
    throw undecided(fitting.length === 0 ? taking : fitting, fitting.length === 0);
  }

  private async judge(connection: CodeConnection, request: WebhookRequest): Promise<Candidate> {
    try {
      const verification = await this.receiver.verify(connection.id, request);
      if (verification === undefined) return { connection, verdict: 'unusable' };
      if (!verification.ok) return { connection, verdict: 'refused' };
      return { connection, verdict: verification.unsigned ? 'unsigned' : 'signed' };
    } catch (error) {
      // Broken, or deleted a moment ago: the others still count.
      if (error instanceof ConnectorError || error instanceof Problem) return { connection, verdict: 'unusable' };
      throw error;
    }
  }
}

/** Those of the project; of these the ones that know its secret, then those that run, then those of the same GitLab. */
function fittest(candidates: readonly Candidate[], { headers, rawBody }: WebhookRequest): readonly Candidate[] {
  const projects = projectNames(rawBody);
  const ofProject = candidates.filter(
    ({ connection: { project } }) => project !== null && projects.has(project.toLowerCase()),
  );
  const signed = narrow(ofProject, ({ verdict }) => verdict === 'signed');
  const running = narrow(signed, ({ connection }) => connection.enabled);
  const gitLab = headers['x-gitlab-instance']?.replace(/\/+$/, '').toLowerCase();
  return narrow(running, ({ connection }) => gitLab !== undefined && connection.base_url?.toLowerCase() === gitLab);
}

/** Id and path of the project a payload is about, in lower case; none where it cannot be read. */
function projectNames(rawBody: Uint8Array): ReadonlySet<string> {
  let body: unknown;
  try {
    body = JSON.parse(Buffer.from(rawBody).toString('utf8'));
  } catch {
    return new Set();
  }
  const payload: JsonObject = isJsonObject(body) ? body : {};
  const project = isJsonObject(payload['project']) ? payload['project'] : {};
  const names = [project['id'], payload['project_id'], project['path_with_namespace']];
  return new Set(
    names.flatMap((name) => (typeof name === 'string' || typeof name === 'number' ? [String(name).toLowerCase()] : [])),
  );
}

/** The connections are named to those alone who know their secret: this path is open to anybody. */
function undecided(candidates: readonly Candidate[], noneFits: boolean): Problem {
  const known = candidates.filter(({ verdict }) => verdict === 'signed').map(({ connection }) => connection);
  const reason = noneFits
    ? 'No connection of azure-devops carries the project of this delivery'
    : `${candidates.length} connections of azure-devops carry the project of this delivery`;
  const choices = known.length === 0 ? '' : `; its secret is that of ${named(known)}`;
  return Problem.conflict(`${reason}${choices}. Deliver to /webhooks/<connection id> instead.`);
}
