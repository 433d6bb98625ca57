import { ConnectorError, type JsonObject, type JsonValue, type WebhookRequest } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { isJsonObject } from '../connections/merge-patch.js';
import { WebhookReceiver } from '../deliveries/webhook-receiver.js';
import { storableText } from '../events/storable-text.js';
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
    const project = projectOf(request.rawBody);
    const all = await this.connections.all(project.id);
    const [only] = all;
    if (only !== undefined && all.length === 1) return only.id;
    const candidates = await Promise.all(all.map((connection) => this.judge(connection, request)));
    const taking = candidates.filter(({ verdict }) => verdict === 'signed' || verdict === 'unsigned');
    const [refusing] = narrow(candidates, ({ verdict }) => verdict === 'refused');
    if (taking.length === 0 && refusing !== undefined) return refusing.connection.id;
    const fitting = fittest(taking, project, request);
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

/** What a payload says of the project it is about. */
interface NamedProject {
  readonly id?: string;
  /** In lower case. */
  readonly path?: string;
}

/**
 * Those of the project, by its id or its path; of these the ones that know its secret, then those that run, then those of
 * the same GitLab, then those that are not known to carry another project, whose path this may have been.
 */
function fittest(
  candidates: readonly Candidate[],
  { id, path }: NamedProject,
  { headers }: WebhookRequest,
): readonly Candidate[] {
  const isById = ({ connection: { project, knows_project } }: Candidate): boolean =>
    knows_project || (id !== undefined && project === id);
  const isByPath = ({ connection: { project } }: Candidate): boolean =>
    path !== undefined && project?.toLowerCase() === path;
  const ofProject = candidates.filter((candidate) => isById(candidate) || isByPath(candidate));
  const signed = narrow(ofProject, ({ verdict }) => verdict === 'signed');
  const running = narrow(signed, ({ connection }) => connection.enabled);
  const gitLab = headers['x-gitlab-instance']?.replace(/\/+$/, '').toLowerCase();
  const there = narrow(
    running,
    ({ connection }) => gitLab !== undefined && connection.base_url?.toLowerCase() === gitLab,
  );
  return narrow(there, (candidate) => isById(candidate) || !candidate.connection.knows_other);
}

/** Empty where the payload cannot be read. */
function projectOf(rawBody: Uint8Array): NamedProject {
  let body: unknown;
  try {
    body = JSON.parse(Buffer.from(rawBody).toString('utf8'));
  } catch {
    return {};
  }
  const payload: JsonObject = isJsonObject(body) ? body : {};
  const project = isJsonObject(payload['project']) ? payload['project'] : {};
  const id = nameOf(project['id']) ?? nameOf(payload['project_id']);
  const path = nameOf(project['path_with_namespace'])?.toLowerCase();
  return { ...(id !== undefined && { id }), ...(path !== undefined && { path }) };
}

/** Text that the database can take. */
function nameOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? storableText(value) : undefined;
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
