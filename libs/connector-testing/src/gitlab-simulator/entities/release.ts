import { milestoneEntity } from '../issues/entities/milestone.js';
import type { Release } from '../model/release.js';
import { commitBySha } from './commit.js';
import { isoTime, projectUrl, type Site } from './site.js';
import { userOrNull } from './user.js';

const archiveFormats = ['zip', 'tar.gz', 'tar.bz2', 'tar'] as const;

export function releaseUrl(site: Site, release: Release): string {
  return `${projectUrl(site, release.project)}/-/releases/${encodeURIComponent(release.tagName)}`;
}

export function releaseSources(site: Site, release: Release) {
  const { project, tagName } = release;
  const base = `${projectUrl(site, project)}/-/archive/${tagName}/${project.path}-${tagName}`;
  return archiveFormats.map((format) => ({ format, url: `${base}.${format}` }));
}

/** Without the right to read code, tag, commit, sources and evidences are left out. */
export function releaseEntity(site: Site, release: Release, readsCode: boolean) {
  const { project, tagName } = release;
  const links = release.links.map((link) => ({
    id: link.id,
    name: link.name,
    url: link.url,
    direct_asset_url: link.url,
    link_type: link.linkType,
  }));
  const self = releaseUrl(site, release);
  return {
    ...(readsCode ? { tag_name: tagName } : {}),
    description: release.description,
    name: release.name,
    created_at: isoTime(release.createdAt),
    released_at: isoTime(release.releasedAt),
    upcoming_release: release.releasedAt > site.world.core.clock.read(),
    author: userOrNull(site, release.author),
    ...(readsCode ? { commit: commitBySha(site, project, release.sha) } : {}),
    milestones: release.milestones.map((milestone) => milestoneEntity(site, milestone)),
    ...(readsCode
      ? {
          commit_path: `/${project.fullPath}/-/commit/${release.sha}`,
          tag_path: `/${project.fullPath}/-/tags/${tagName}`,
        }
      : {}),
    assets: readsCode
      ? { count: links.length + archiveFormats.length, sources: releaseSources(site, release), links }
      : { count: links.length, links },
    ...(readsCode ? { evidences: [] } : {}),
    _links: { self, edit_url: `${self}/edit` },
  };
}
