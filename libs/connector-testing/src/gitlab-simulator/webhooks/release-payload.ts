import { jobUrl } from '../entities/pipeline.js';
import { releaseSources, releaseUrl } from '../entities/release.js';
import { projectUrl, type Site } from '../entities/site.js';
import { commitTitle } from '../model/commit.js';
import type { Deployment } from '../model/deployment.js';
import type { Release } from '../model/release.js';
import { commitPayloadOrNull, deploymentTime, hookTime, projectPayload, userPayload } from './payload-parts.js';

/** Flat, and without the user who did it. */
export function releasePayload(site: Site, release: Release, action: 'create' | 'update' | 'delete') {
  const { project } = release;
  const links = release.links.map((link) => ({
    id: link.id,
    external: true,
    link_type: link.linkType,
    name: link.name,
    url: link.url,
  }));
  const sources = releaseSources(site, release);
  return {
    object_kind: 'release',
    id: release.id,
    created_at: hookTime(release.createdAt),
    description: release.description,
    name: release.name,
    released_at: hookTime(release.releasedAt),
    tag: release.tagName,
    project: projectPayload(site, project),
    url: releaseUrl(site, release),
    action,
    assets: { count: links.length + sources.length, links, sources },
    commit: commitPayloadOrNull(site, project, release.sha),
  };
}

export function deploymentPayload(site: Site, deployment: Deployment) {
  const { project, environment, user, deployable } = deployment;
  const commit = project.repository.find(deployment.sha);
  return {
    object_kind: 'deployment',
    status: deployment.status,
    status_changed_at: deploymentTime(deployment.updatedAt),
    deployment_id: deployment.id,
    deployable_id: deployable?.id ?? null,
    deployable_url: deployable === null ? null : jobUrl(site, deployable),
    environment: environment.name,
    environment_tier: environment.tier,
    environment_slug: environment.slug,
    environment_external_url: environment.externalUrl,
    project: projectPayload(site, project),
    ref: deployment.ref,
    short_sha: deployment.sha.slice(0, 8),
    user: user === null ? null : userPayload(user),
    user_url: user === null ? null : `${site.url}/${user.username}`,
    commit_url: `${projectUrl(site, project)}/-/commit/${deployment.sha}`,
    commit_title: commit === undefined ? null : commitTitle(commit),
  };
}
