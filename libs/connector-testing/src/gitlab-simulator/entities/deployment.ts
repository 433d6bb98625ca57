import type { Deployment, Environment } from '../model/deployment.js';
import { jobEntity } from './pipeline.js';
import { isoTime, type Site } from './site.js';
import { userOrNull } from './user.js';

export function environmentEntity(environment: Environment) {
  return {
    id: environment.id,
    name: environment.name,
    slug: environment.slug,
    external_url: environment.externalUrl,
    created_at: isoTime(environment.createdAt),
    updated_at: isoTime(environment.updatedAt),
    tier: environment.tier,
    state: environment.state,
  };
}

export function deploymentEntity(site: Site, deployment: Deployment) {
  const { id, name, slug, external_url, created_at, updated_at } = environmentEntity(deployment.environment);
  return {
    id: deployment.id,
    iid: deployment.iid,
    ref: deployment.ref,
    sha: deployment.sha,
    created_at: isoTime(deployment.createdAt),
    updated_at: isoTime(deployment.updatedAt),
    user: userOrNull(site, deployment.user),
    environment: { id, name, slug, external_url, created_at, updated_at },
    deployable: deployment.deployable === null ? null : jobEntity(site, deployment.deployable),
    status: deployment.status,
  };
}
