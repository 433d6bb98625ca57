import type { Site } from '../entities/site.js';
import { noSha, type PushedRef } from '../world/world-event.js';
import { commitPayload, projectPayload, repositoryWithUrls } from './payload-parts.js';

/** At most this many commits are in a push, the newest ones. */
const shownCommits = 20;

/** `push` and `tag_push`. */
export function pushPayload(site: Site, event: PushedRef) {
  const { project, user } = event;
  const kind = event.refType === 'tag' ? 'tag_push' : 'push';
  const tagged = event.refType === 'tag' ? project.repository.tags.get(event.ref)?.sha : undefined;
  const commits = event.commits.slice(-shownCommits).map((commit) => ({
    ...commitPayload(site, project, commit),
    added: [],
    modified: ['src/main.ts'],
    removed: [],
  }));
  return {
    object_kind: kind,
    event_name: kind,
    before: event.before,
    after: event.after,
    ref: `refs/${event.refType === 'tag' ? 'tags' : 'heads'}/${event.ref}`,
    ref_protected: project.repository.branches.get(event.ref)?.protected ?? false,
    checkout_sha: event.after === noSha ? null : (tagged ?? event.after),
    ...(event.refType === 'tag' ? { message: event.message ?? '' } : {}),
    user_id: user.id,
    user_name: user.name,
    user_username: user.username,
    user_email: user.publicEmail,
    user_avatar: null,
    project_id: project.id,
    project: projectPayload(site, project),
    commits,
    total_commits_count: event.commits.length,
    push_options: {},
    repository: repositoryWithUrls(site, project),
  };
}
