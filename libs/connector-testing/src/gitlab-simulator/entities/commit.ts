import { commitTitle, type Branch, type Commit, type GitTag } from '../model/commit.js';
import type { Project } from '../model/project.js';
import { gitTime, isoTimeOrNull, projectUrl, type Site } from './site.js';

export function commitEntity(site: Site, project: Project, commit: Commit) {
  const committed = gitTime(commit.committedAt, commit.offsetMinutes);
  return {
    id: commit.sha,
    short_id: commit.sha.slice(0, 8),
    created_at: committed,
    parent_ids: commit.parents,
    title: commitTitle(commit),
    message: commit.message,
    author_name: commit.authorName,
    author_email: commit.authorEmail,
    authored_date: gitTime(commit.authoredAt, commit.offsetMinutes),
    committer_name: commit.authorName,
    committer_email: commit.authorEmail,
    committed_date: committed,
    trailers: {},
    extended_trailers: {},
    web_url: `${projectUrl(site, project)}/-/commit/${commit.sha}`,
  };
}

export function commitStats(commit: Commit) {
  const { additions, deletions } = commit;
  return { additions, deletions, total: additions + deletions };
}

/** A commit by its sha, also where only the sha is known: seeded merge requests have no commit objects. */
export function commitBySha(site: Site, project: Project, sha: string) {
  const commit = project.repository.find(sha);
  return commit === undefined ? null : commitEntity(site, project, commit);
}

export function branchEntity(site: Site, project: Project, branch: Branch, canPush: boolean) {
  const main = project.repository.branches.get(project.defaultBranch);
  const merged = branch !== main && main !== undefined && project.repository.contains(main.sha, branch.sha);
  return {
    name: branch.name,
    commit: commitBySha(site, project, branch.sha),
    merged,
    protected: branch.protected,
    developers_can_push: false,
    developers_can_merge: false,
    can_push: canPush,
    default: branch.name === project.defaultBranch,
    web_url: `${projectUrl(site, project)}/-/tree/${branch.name}`,
  };
}

export function tagEntity(site: Site, project: Project, tag: GitTag) {
  const release = project.releases.get(tag.name);
  return {
    name: tag.name,
    message: tag.message,
    target: tag.target,
    commit: commitBySha(site, project, tag.sha),
    release: release === undefined ? null : { tag_name: release.tagName, description: release.description },
    protected: false,
    created_at: isoTimeOrNull(tag.createdAt),
  };
}
