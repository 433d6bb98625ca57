import { z } from 'zod';
import type { ReleaseRecord } from '../../records.js';
import { isTrue, text, second } from '../../schema/parts.js';
import { lowerOrNull, nodesOf, user } from './parts.js';

/** Without access to the code GitLab hides the tag: then it is unreadable, as by REST. */
export const releaseNode = z
  .object({
    tagName: z.string(),
    name: text,
    description: text,
    createdAt: second,
    releasedAt: second,
    upcomingRelease: isTrue,
    author: user,
    commit: z.object({ sha: z.string() }).nullish(),
    links: z.object({ selfUrl: text }).nullish(),
    assets: z
      .object({ links: nodesOf(z.object({ name: z.string(), url: z.string(), linkType: lowerOrNull })) })
      .nullish(),
    milestones: nodesOf(z.object({ title: z.string() })),
  })
  .transform((release): ReleaseRecord => ({
    tag: release.tagName,
    name: release.name,
    description: release.description,
    createdAt: release.createdAt,
    releasedAt: release.releasedAt,
    upcoming: release.upcomingRelease,
    author: release.author,
    commitSha: release.commit?.sha ?? null,
    milestones: release.milestones.map(({ title }) => title),
    assets: (release.assets?.links ?? []).map((link) => ({ name: link.name, url: link.url, type: link.linkType })),
    url: release.links?.selfUrl ?? null,
  }));
