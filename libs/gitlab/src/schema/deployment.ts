import { z } from 'zod';
import type { DeploymentRecord } from '../records.js';
import { number, requiredSecond, text, second, user } from './parts.js';

export const deploymentSchema = z
  .object({
    id: z.number(),
    iid: number,
    ref: z.string(),
    sha: z.string(),
    status: z.string(),
    created_at: requiredSecond,
    updated_at: second,
    user,
    environment: z.object({ id: number, name: z.string(), external_url: text }),
    deployable: z
      .object({
        id: z.number(),
        name: z.string(),
        status: z.string(),
        finished_at: second,
        web_url: text,
        pipeline: z.object({ id: z.number() }).nullish(),
      })
      .nullish(),
  })
  .transform((deployment): DeploymentRecord => ({
    id: deployment.id,
    iid: deployment.iid,
    ref: deployment.ref,
    sha: deployment.sha,
    status: deployment.status,
    createdAt: deployment.created_at,
    updatedAt: deployment.updated_at,
    user: deployment.user,
    environment: {
      id: deployment.environment.id,
      name: deployment.environment.name,
      url: deployment.environment.external_url,
    },
    job: deployment.deployable
      ? {
          id: deployment.deployable.id,
          name: deployment.deployable.name,
          status: deployment.deployable.status,
          finishedAt: deployment.deployable.finished_at,
          url: deployment.deployable.web_url,
          pipelineId: deployment.deployable.pipeline?.id ?? null,
        }
      : null,
  }));
