import { releaseSources, releaseUrl } from '../../entities/release.js';
import type { Project } from '../../model/project.js';
import type { Release } from '../../model/release.js';
import { connection, shortConnection } from '../connection/connection.js';
import { sorted, type Order } from '../connection/order.js';
import type { PageArguments } from '../connection/page.js';
import type { GraphQlCall } from '../graphql-call.js';
import { globalId } from '../schema/global-id.js';
import { commitViewBySha } from './commit.js';
import { milestoneView } from './milestone.js';
import { userViewOrNull } from './user.js';

export type ReleaseSort = 'CREATED_ASC' | 'CREATED_DESC' | 'RELEASED_AT_ASC' | 'RELEASED_AT_DESC';

export function releasesView(call: GraphQlCall, project: Project, args: PageArguments & { sort: ReleaseSort | null }) {
  const sort = args.sort ?? 'RELEASED_AT_DESC';
  const direction = sort.endsWith('_ASC') ? 'asc' : 'desc';
  const order: Order<Release> = [
    sort.startsWith('CREATED')
      ? { name: 'created_at', of: (row) => row.createdAt, direction }
      : { name: 'released_at', of: (row) => row.releasedAt, direction },
    { name: 'id', of: (row) => row.id, direction },
  ];
  const readable = call.viewer.reads(project, 'releases') ? [...project.releases.values()] : [];
  return connection(call, { rows: sorted(readable, order), order, args, view: (row) => releaseView(call, row) });
}

/** Tag and commit are for those who read code. */
function releaseView(call: GraphQlCall, release: Release) {
  const { project, links } = release;
  const readsCode = call.viewer.reads(project, 'repository');
  return {
    assets: {
      count: links.length + (readsCode ? releaseSources(call.site, release).length : 0),
      links: (args: PageArguments) =>
        shortConnection(call, links, args, (link) => ({
          directAssetUrl: link.url,
          id: globalId('Releases::Link', link.id),
          linkType: link.linkType.toUpperCase(),
          name: link.name,
          url: link.url,
        })),
    },
    author: () => userViewOrNull(call, release.author),
    commit: () => (readsCode ? commitViewBySha(call, project, release.sha) : null),
    createdAt: release.createdAt,
    description: release.description,
    id: globalId('Release', release.id),
    links: { selfUrl: releaseUrl(call.site, release) },
    milestones: (args: PageArguments) => shortConnection(call, release.milestones, args, milestoneView),
    name: release.name,
    releasedAt: release.releasedAt,
    tagName: readsCode ? release.tagName : null,
    upcomingRelease: release.releasedAt > call.site.world.core.clock.read(),
  };
}
