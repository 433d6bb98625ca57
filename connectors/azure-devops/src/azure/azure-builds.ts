import { ConnectorError } from '@syncline/connector-sdk';
import { BuildReason, BuildResult, BuildStatus, type Build } from 'azure-devops-node-api/interfaces/BuildInterfaces.js';
import type { AzureClient } from './azure-client.js';

/** Queue order, newest first. Source: BuildQueryOrder of the library, whose enum says the same. */
const queueTimeDescending = 4;
const mostBuilds = 200;

/** A build in Azure DevOps' own words. */
export interface BuildRecord {
  readonly id: number;
  readonly number: string;
  readonly definition: { readonly id: number; readonly name: string };
  readonly ref: string;
  readonly sha: string;
  /** `notStarted`, `inProgress`, `succeeded`, `failed`, ...: the result once there is one, else the state. */
  readonly status: string;
  readonly isDone: boolean;
  readonly isManual: boolean;
  readonly queuedAt: Date;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
  readonly url?: string;
  readonly author?: string;
}

/** The newest builds of a repository since then. */
export async function buildsSince(
  client: AzureClient,
  repository: { readonly projectId: string; readonly id: string },
  since: Date,
): Promise<readonly BuildRecord[]> {
  const none = undefined;
  const builds = await client.build.getBuilds(
    repository.projectId,
    none,
    none,
    none,
    since,
    none,
    none,
    none,
    none,
    none,
    none,
    none,
    mostBuilds,
    none,
    none,
    none,
    queueTimeDescending,
    none,
    none,
    repository.id,
    'TfsGit',
  );
  return builds.flatMap(parse);
}

/** Starts a pipeline on a commit of a branch. Not to be repeated blindly: each call is a build. */
export async function startPipeline(
  client: AzureClient,
  projectId: string,
  pipelineId: number,
  source: { readonly ref: string; readonly sha: string },
): Promise<void> {
  const self = { refName: source.ref, version: source.sha };
  const wanted = { resources: { repositories: { self } } };
  await unlessUnknown(pipelineId, client.pipelines.runPipeline(wanted, projectId, pipelineId));
}

/** Whether pushes start the pipeline by themselves. */
export async function startsByItself(client: AzureClient, projectId: string, pipelineId: number): Promise<boolean> {
  const { triggers = [] } = await unlessUnknown(pipelineId, client.build.getDefinition(projectId, pipelineId));
  return triggers.length > 0;
}

async function unlessUnknown<T>(pipelineId: number, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    const failure = ConnectorError.from(cause);
    if (failure.status !== 404) throw failure;
    throw new ConnectorError(
      'config',
      `There is no pipeline ${pipelineId} in the project, or the token may not see it.`,
      {
        hint: "Take the number from the pipeline's address (definitionId). Seeing it needs the scope Build (read).",
        path: '/config/trigger/pipelineId',
        status: 404,
        cause: failure,
      },
    );
  }
}

function parse(build: Build): BuildRecord[] {
  const { id, definition, sourceBranch, sourceVersion, queueTime, startTime, finishTime, requestedFor } = build;
  if (id === undefined || definition?.id === undefined || sourceVersion === undefined || queueTime === undefined)
    return [];
  const isDone = build.status === BuildStatus.Completed;
  const links: unknown = build._links;
  const url = webUrl(links);
  return [
    {
      id,
      number: build.buildNumber ?? String(id),
      definition: { id: definition.id, name: definition.name ?? String(definition.id) },
      ref: sourceBranch ?? '',
      sha: sourceVersion,
      status: isDone ? resultWord(build.result) : stateWord(build.status),
      isDone,
      isManual: build.reason === BuildReason.Manual,
      queuedAt: queueTime,
      ...(startTime === undefined ? {} : { startedAt: startTime }),
      ...(finishTime === undefined ? {} : { finishedAt: finishTime }),
      ...(url === undefined ? {} : { url }),
      ...(requestedFor?.displayName === undefined ? {} : { author: requestedFor.displayName }),
    },
  ];
}

function resultWord(result: BuildResult | undefined): string {
  switch (result) {
    case BuildResult.Succeeded:
      return 'succeeded';
    case BuildResult.PartiallySucceeded:
      return 'partiallySucceeded';
    case BuildResult.Failed:
      return 'failed';
    case BuildResult.Canceled:
      return 'canceled';
    default:
      return 'completed';
  }
}

function stateWord(status: BuildStatus | undefined): string {
  switch (status) {
    case BuildStatus.InProgress:
      return 'inProgress';
    case BuildStatus.Cancelling:
      return 'cancelling';
    case BuildStatus.Postponed:
      return 'postponed';
    default:
      return 'notStarted';
  }
}

function webUrl(links: unknown): string | undefined {
  if (typeof links !== 'object' || links === null || !('web' in links)) return undefined;
  const { web } = links;
  if (typeof web !== 'object' || web === null || !('href' in web)) return undefined;
  return typeof web.href === 'string' ? web.href : undefined;
}
