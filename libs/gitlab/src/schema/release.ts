import { z } from 'zod';
import type { ReleaseRecord } from '../records.js';
import { isTrue, text, second, user } from './parts.js';

/** Without access to the code GitLab leaves out commit, sources and, in some versions, the tag: then it is unreadable. */
export const releaseSchema = z
  .object({
    tag_name: z.string(),
    name: text,
    description: text,
    created_at: second,
    released_at: second,
    upcoming_release: isTrue,
    author: user,
    commit: z.object({ id: z.string() }).nullish(),
    milestones: z.array(z.object({ title: z.string() })).nullish(),
    assets: z
      .object({
        links: z.array(z.object({ name: z.string(), url: z.string(), link_type: text })).nullish(),
      })
      .nullish(),
    _links: z.object({ self: text }).nullish(),
  })
  .transform((release): ReleaseRecord => {
    const links = release.assets?.links ?? [];
    return {
      tag: release.tag_name,
      name: release.name,
      description: release.description,
      createdAt: release.created_at,
      releasedAt: release.released_at,
      upcoming: release.upcoming_release,
      author: release.author,
      commitSha: release.commit?.id ?? null,
      milestones: (release.milestones ?? []).map(({ title }) => title),
      assets: links.map((link) => ({ name: link.name, url: link.url, type: link.link_type })),
      url: release._links?.self ?? null,
    };
  });
