import { describe, expect, it } from '@jest/globals';
import type { MergeRequestRecord, PipelineDetails, PipelineRecord, ProjectRecord } from '@syncline/gitlab';
import { mapDeployment } from './deployment.js';
import { mapImage } from './image.js';
import { mapMergeRequest, storedExtras } from './merge-request.js';
import { mapPipeline, mergeRequestIidOf } from './pipeline.js';
import { mapRelease } from './release.js';

const at = (minute: number): Date => new Date(Date.UTC(2026, 1, 3, 8, minute));

const project: ProjectRecord = {
  id: 7,
  path: 'acme/web',
  name: 'Web',
  url: 'https://gl.example/acme/web',
  defaultBranch: 'main',
  archived: false,
  markedForDeletion: false,
  lastActivityAt: null,
  features: {
    mergeRequests: null,
    builds: null,
    repository: null,
    releases: null,
    environments: null,
    containerRegistry: null,
  },
};

const mergeRequest: MergeRequestRecord = {
  id: 8801,
  iid: 14,
  projectId: 7,
  title: 'SSO fix',
  description: 'Closes #42',
  state: 'opened',
  draft: false,
  createdAt: at(0),
  updatedAt: at(9),
  mergedAt: null,
  closedAt: null,
  author: { id: 5, username: 'sam', name: 'Sam' },
  mergedBy: null,
  assignees: [],
  reviewers: [
    { id: 12, username: 'nora', name: null },
    { id: 5, username: 'ada', name: null },
  ],
  sourceBranch: 'sso',
  targetBranch: 'main',
  sha: '1f0c',
  mergeCommitSha: null,
  labels: ['b', 'a'],
  milestone: null,
  mergeStatus: 'can_be_merged',
  detailedMergeStatus: 'checking',
  userNotesCount: 3,
  upvotes: 0,
  downvotes: 0,
  url: 'https://gl.example/acme/web/-/merge_requests/14',
};
const extras = { approvedBy: ['nora'], changedFiles: ['a.ts'], changedFilesTruncated: false };

describe('mapMergeRequest', () => {
  it('says of an open one only that it was not opened earlier than it was created', () => {
    const event = mapMergeRequest(mergeRequest, extras, project);
    expect(event).toMatchObject({
      eventId: 'mr-7-14',
      title: 'SSO fix',
      author: 'sam',
      occurredAt: at(0),
      occurredAtPrecision: 'at_least',
      transitions: [{ status: 'opened', at: at(0) }],
      metadata: { labels: ['a', 'b'], reviewers: ['ada', 'nora'], approvedCount: 1, merged: false, mergedAt: null },
    });
  });

  it('does not guess what GitLab is still working out', () => {
    expect(mapMergeRequest(mergeRequest, extras, project).metadata['mergeable']).toBeNull();
    const mergeable = { ...mergeRequest, detailedMergeStatus: 'mergeable' };
    expect(mapMergeRequest(mergeable, extras, project).metadata['mergeable']).toBe(true);
    const old = { ...mergeRequest, detailedMergeStatus: null, mergeStatus: 'cannot_be_merged' };
    expect(mapMergeRequest(old, extras, project).metadata['mergeable']).toBe(false);
  });

  it('keeps a locked one, and a merged one without a time, undated', () => {
    for (const state of ['locked', 'merged', 'closed']) {
      expect(mapMergeRequest({ ...mergeRequest, state }, extras, project)).toMatchObject({
        status: state,
        occurredAtPrecision: 'at_least',
        transitions: [{ status: 'opened' }],
      });
    }
  });

  it('finds its extras again in what it stored', () => {
    expect(storedExtras(mapMergeRequest(mergeRequest, extras, project).metadata)).toEqual(extras);
    expect(storedExtras({})).toBeUndefined();
  });
});

const pipeline: PipelineRecord = {
  id: 5200,
  iid: 310,
  projectId: 7,
  sha: '9ab2',
  ref: 'main',
  status: 'failed',
  source: 'push',
  createdAt: at(0),
  updatedAt: at(7),
};
const details: PipelineDetails = {
  durationSeconds: 355,
  queuedSeconds: 6,
  coverage: '81.40',
  user: null,
  startedAt: at(1),
  finishedAt: at(6),
  failedJobs: [],
  failedJobsTruncated: false,
};

describe('mapPipeline', () => {
  it('dates an ended one by its end, and proves how it came there', () => {
    const event = mapPipeline(pipeline, details, project);
    expect(event).toMatchObject({ occurredAt: at(6), occurredAtPrecision: 'exact', author: undefined });
    expect(event.url).toBe('https://gl.example/acme/web/-/pipelines/5200');
    expect(event.transitions).toEqual([
      { status: 'created', at: at(0) },
      { status: 'running', at: at(1) },
      { status: 'failed', at: at(6) },
    ]);
  });

  it('has a bound for one that was skipped: nothing says when', () => {
    const skipped = mapPipeline(
      { ...pipeline, status: 'skipped' },
      { ...details, startedAt: null, finishedAt: null },
      project,
    );
    expect(skipped).toMatchObject({ occurredAt: at(7), occurredAtPrecision: 'at_least' });
    expect(skipped.transitions).toEqual([{ status: 'created', at: at(0) }]);
  });

  it('does not date a second run by the start of the first', () => {
    const again = { ...pipeline, status: 'running', updatedAt: at(30) };
    expect(mapPipeline(again, details, project)).toMatchObject({ occurredAt: at(6), occurredAtPrecision: 'at_least' });
    const cleared = mapPipeline(again, { ...details, finishedAt: null }, project, 'failed');
    expect(cleared.occurredAtPrecision).toBe('at_least');
    const first = mapPipeline(again, { ...details, finishedAt: null }, project, 'pending');
    expect(first).toMatchObject({ occurredAt: at(1), occurredAtPrecision: 'exact' });
  });

  it('lives without any time at all', () => {
    const bare = { ...pipeline, status: 'created', createdAt: null, updatedAt: null };
    const nothing = { ...details, startedAt: null, finishedAt: null };
    expect(mapPipeline(bare, nothing, project)).toMatchObject({ occurredAtPrecision: 'at_least', transitions: [] });
  });

  it('names the merge request it belongs to', () => {
    const ofMr = mapPipeline({ ...pipeline, ref: 'refs/merge-requests/14/head' }, details, project);
    expect([ofMr.title, ofMr.metadata['mergeRequestIid']]).toEqual(['Pipeline for !14', 14]);
    expect(mergeRequestIidOf('refs/merge-requests/14/train')).toBe(14);
    expect(mergeRequestIidOf('merge-requests/14')).toBeUndefined();
  });

  it('lists failed jobs in an order that does not depend on how they were read', () => {
    const job = (id: number, name: string) => ({
      id,
      name,
      stage: 'test',
      status: 'failed',
      allowFailure: id === 2,
      failureReason: 'script_failure',
      startedAt: at(2),
      finishedAt: at(3),
    });
    const event = mapPipeline(pipeline, { ...details, failedJobs: [job(2, 'lint'), job(1, 'unit')] }, project);
    expect(event.metadata).toMatchObject({
      failedJobsCount: 2,
      failedJobs: [
        { name: 'unit', reason: 'script_failure', allowFailure: false },
        { name: 'lint', allowFailure: true },
      ],
    });
  });
});

describe('other kinds', () => {
  it('a release of the future has so far only been created', () => {
    const release = {
      tag: 'v2',
      name: null,
      description: null,
      createdAt: at(1),
      releasedAt: at(50),
      upcoming: true,
      author: null,
      commitSha: null,
      milestones: [],
      assets: [],
      url: null,
    };
    expect(mapRelease(release, project)).toMatchObject({
      title: 'v2',
      url: 'https://gl.example/acme/web/-/releases/v2',
      occurredAt: at(1),
      occurredAtPrecision: 'at_least',
    });
    expect(mapRelease({ ...release, upcoming: false }, project)).toMatchObject({
      occurredAt: at(50),
      transitions: [{ status: 'published', at: at(50) }],
    });
  });

  it('an image is dated by its config, else bounded by its repository, else not at all', () => {
    const tag = {
      name: 'latest',
      path: 'p',
      location: 'l',
      digest: 'd',
      revision: null,
      shortRevision: null,
      createdAt: at(3),
      sizeBytes: 1,
    };
    const repository = {
      id: 4,
      name: '',
      path: 'acme/web',
      location: 'l',
      projectId: 7,
      createdAt: at(0),
      status: null,
      tagsCount: 1,
    };
    expect(mapImage(tag, 'sha256:1', repository, project)).toMatchObject({
      eventId: 'registry-4-latest-sha256:1',
      title: 'acme/web:latest',
      occurredAt: at(3),
      occurredAtPrecision: 'exact',
    });
    const undated = { ...tag, createdAt: null };
    expect(mapImage(undated, 'd', repository, project)).toMatchObject({
      occurredAt: at(0),
      occurredAtPrecision: 'at_least',
    });
    expect(mapImage(undated, 'd', { ...repository, createdAt: null }, project).occurredAt).toEqual(new Date(0));
  });

  it('a deployment keeps only web addresses of its environment', () => {
    const deployment = {
      id: 9,
      iid: 2,
      ref: 'main',
      sha: 'a1',
      status: 'success',
      createdAt: at(0),
      updatedAt: at(4),
      user: null,
      environment: { id: 3, name: 'live', url: 'javascript:alert(1)' },
      job: null,
    };
    expect(mapDeployment(deployment, project)).toMatchObject({
      title: 'main to live',
      url: 'https://gl.example/acme/web/-/environments/3',
      occurredAt: at(4),
      occurredAtPrecision: 'at_least',
      metadata: { externalUrl: null },
    });
  });
});
