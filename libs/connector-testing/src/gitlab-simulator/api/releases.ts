import { releaseEntity } from '../entities/release.js';
import { cachedJson } from '../model/cached-json.js';
import type { Project } from '../model/project.js';
import type { Release } from '../model/release.js';
import type { Call } from '../http/call.js';
import { listArray } from '../http/listing.js';
import { pageReply } from '../http/pagination.js';
import { jsonReply, notFound, Refusal, textReply, type Reply } from '../http/reply.js';
import type { Router } from '../http/router.js';
import { canRead, projectWith } from './access.js';

const base = '/projects/:id/releases';

/** No `updated_after` here: only newer versions have it, and an edit moves nothing that could be asked for. */
export function addReleaseRoutes(router: Router): void {
  router
    .get(base, listReleases, { jobTokens: true })
    .get(`${base}/permalink/latest`, permalink, { jobTokens: true })
    .get(
      `${base}/:tag`,
      (call) => {
        const project = projectWith(call, 'releases');
        const release = project.releases.get(call.part('tag'));
        if (release === undefined) throw notFound();
        return jsonReply(releaseEntity(call.site, release, readsCode(call, project)));
      },
      { jobTokens: true },
    );
}

function listReleases(call: Call): Reply {
  const project = projectWith(call, 'releases');
  const orderBy = call.parameters.choice('order_by', ['released_at', 'created_at']) ?? 'released_at';
  const direction = call.parameters.choice('sort', ['asc', 'desc']) ?? 'desc';
  const time = (release: Release): number => (orderBy === 'released_at' ? release.releasedAt : release.createdAt);
  const rows = [...project.releases.values()].sort((left, right) => time(left) - time(right) || left.id - right.id);
  if (direction === 'desc') rows.reverse();
  const code = readsCode(call, project);
  const now = call.world.core.clock.read();
  return pageReply(call, listArray(rows), (row) =>
    code && row.releasedAt <= now
      ? cachedJson(row, call.world.core.epoch, () => releaseEntity(call.site, row, true))
      : JSON.stringify(releaseEntity(call.site, row, code)),
  );
}

function permalink(call: Call): Reply {
  const project = projectWith(call, 'releases');
  const released = [...project.releases.values()].filter(
    (release) => release.releasedAt <= call.world.core.clock.read(),
  );
  const newest = released.sort((left, right) => right.releasedAt - left.releasedAt)[0];
  if (newest === undefined) throw notFound();
  const location = `${call.site.url}/api/v4/projects/${project.id}/releases/${encodeURIComponent(newest.tagName)}`;
  throw new Refusal(textReply(`This resource has been moved temporarily to ${location}.`, 302, { Location: location }));
}

function readsCode(call: Call, project: Project): boolean {
  return canRead(call.world, project, call.user, 'repository');
}
