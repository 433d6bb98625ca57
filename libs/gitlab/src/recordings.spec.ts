import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { deploymentSchema } from './schema/deployment.js';
import { mergeRequestSchema } from './schema/merge-request.js';
import { jobSchema, pipelineDetailsSchema, pipelineSchema } from './schema/pipeline.js';
import { commitSchema } from './schema/repository.js';

const FOLDER = join(process.cwd(), '../shared/data/gitlab-recordings');
const isThere = existsSync(FOLDER);
if (!isThere)
  process.stdout.write('NOT RUN: schemas against recordings of gitlab.com, because the recordings are not here.\n');

function read(file: string): unknown[] {
  const lines = readFileSync(join(FOLDER, file), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line): unknown => JSON.parse(line));
}

describe('recorded answers of gitlab.com', () => {
  const files: [string, z.ZodType][] = [
    ['merge_requests.jsonl', mergeRequestSchema],
    ['pipelines.jsonl', pipelineSchema],
    ['pipeline_details.jsonl', pipelineSchema],
    ['pipeline_details.jsonl', pipelineDetailsSchema],
    ['jobs.jsonl', jobSchema],
    ['deployments.jsonl', deploymentSchema],
    ['merge_request_commits.jsonl', commitSchema],
  ];

  it.each(files)('are readable: %s', (file, schema) => {
    const items = isThere ? read(file) : [];
    const problems = items.flatMap((item) => schema.safeParse(item).error?.issues ?? []);
    expect(problems).toEqual([]);
    expect(items.length > 0).toBe(isThere);
  });

  it('contain pipelines without updated_at, which stay without', () => {
    const items = isThere ? read('pipelines.jsonl').map((item) => pipelineSchema.parse(item)) : [];
    expect(items.some(({ updatedAt }) => updatedAt === null)).toBe(isThere);
  });
});
