import type { ProjectRecord } from '@syncline/gitlab';
import type { EventTypeName } from '../config.js';
import type { Job, SyncRun } from '../sync-run.js';
import { commits, readCommits } from './commits.js';
import { deployments, readDeployments } from './deployments.js';
import { images } from './image-stream.js';
import { readImages } from './images.js';
import { mergeRequests } from './merge-requests.js';
import { pipelines } from './pipelines.js';
import { readReleases, readReleasesNamed, releases } from './releases.js';
import { readKeys, readWalked, streamOf, type WalkedStream } from './walked-stream.js';

/** One kind of stream: when it applies to a project, and how it is read. */
export interface StreamKind {
  readonly name: string;
  readonly eventType: EventTypeName;
  /** The project's switch for it: `disabled` needs no request to know. */
  readonly feature: keyof ProjectRecord['features'];
  read(run: SyncRun, project: ProjectRecord): Promise<void>;
  /** Exactly what webhooks named. Absent: no webhook tells of this. */
  readonly readNamed?: (run: SyncRun, project: ProjectRecord, items: readonly string[]) => Promise<void>;
}

export const streamKinds: readonly StreamKind[] = [
  walked(mergeRequests, 'merge_request', 'mergeRequests'),
  walked(pipelines, 'pipeline', 'builds'),
  { name: releases.name, eventType: 'release', feature: 'releases', read: readReleases, readNamed: readReleasesNamed },
  { ...walked(deployments, 'deployment', 'environments'), read: readDeployments },
  {
    name: commits.name,
    eventType: 'commit',
    feature: 'repository',
    read: (run, project) => readCommits(run, project, run.settings.branches, { moveCheckpoint: true }),
    readNamed: (run, project, branches) => {
      const known = branches.filter((branch) => run.settings.branches.includes(branch));
      return readCommits(run, project, known, { moveCheckpoint: false });
    },
  },
  { name: images.name, eventType: 'image', feature: 'containerRegistry', read: readImages },
];

/** Is this kind wanted by the config? Commits are only read for configured branches. */
export function isWanted(run: SyncRun, kind: StreamKind): boolean {
  const { settings } = run;
  return settings.eventTypes.has(kind.eventType) && (kind.name !== commits.name || settings.branches.length > 0);
}

/** The kinds that are read of this project. */
export function wantedKinds(run: SyncRun, project: ProjectRecord): StreamKind[] {
  return streamKinds.filter((kind) => isWanted(run, kind) && project.features[kind.feature] !== 'disabled');
}

/** One job for each stream of these projects; says once which features are switched off. */
export function jobsFor(run: SyncRun, projects: readonly ProjectRecord[]): Job[] {
  const jobs: Job[] = [];
  for (const project of projects) {
    const off: string[] = [];
    for (const kind of streamKinds.filter((one) => isWanted(run, one))) {
      if (project.features[kind.feature] === 'disabled') off.push(kind.name.replace('_', ' '));
      else jobs.push({ stream: streamOf(kind, project), run: () => kind.read(run, project) });
    }
    if (off.length > 0) run.session.log.info(`${project.path}: switched off in the project: ${off.join(', ')}`);
  }
  return jobs;
}

function walked<T extends { readonly updatedAt: Date | null }>(
  stream: WalkedStream<T>,
  eventType: EventTypeName,
  feature: StreamKind['feature'],
): StreamKind {
  return {
    name: stream.name,
    eventType,
    feature,
    read: (run, project) => readWalked(run, project, stream),
    readNamed: (run, project, items) => readKeys(run, project, stream, items),
  };
}
