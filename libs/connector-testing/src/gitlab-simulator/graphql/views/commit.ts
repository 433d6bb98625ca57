import { projectUrl } from '../../entities/site.js';
import { commitTitle, type Commit } from '../../model/commit.js';
import type { Project } from '../../model/project.js';
import type { GraphQlCall } from '../graphql-call.js';

export function commitView({ site }: GraphQlCall, project: Project, commit: Commit) {
  const title = commitTitle(commit);
  return {
    authorEmail: commit.authorEmail,
    authorName: commit.authorName,
    authoredDate: commit.authoredAt,
    committedDate: commit.committedAt,
    committerEmail: commit.authorEmail,
    committerName: commit.authorName,
    description: commit.message.slice(title.length).trimStart(),
    fullTitle: title,
    id: `gid://gitlab/Commit/${commit.sha}`,
    message: commit.message,
    sha: commit.sha,
    shortId: commit.sha.slice(0, 8),
    title,
    webUrl: `${projectUrl(site, project)}/-/commit/${commit.sha}`,
  };
}

/** Null where the commit is unknown, as with seeded merge requests. */
export function commitViewBySha(call: GraphQlCall, project: Project, sha: string) {
  const commit = project.repository.find(sha);
  return commit === undefined ? null : commitView(call, project, commit);
}
