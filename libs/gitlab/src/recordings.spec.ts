import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { z } from 'zod';
import { describeWithRecordings } from '../../../test/support/capabilities.js';
import { deploymentSchema } from './schema/deployment.js';
import { mergeRequestSchema } from './schema/merge-request.js';
import { jobSchema, pipelineDetailsSchema, pipelineSchema } from './schema/pipeline.js';
import { commitSchema } from './schema/repository.js';

describeWithRecordings('recorded answers of gitlab.com', (folder) => {
  function read(file: string): unknown[] {
    const lines = readFileSync(join(folder, 'gitlab-recordings', file), 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line): unknown => JSON.parse(line));
  }

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
    const items = read(file);
    const problems = items.flatMap((item) => schema.safeParse(item).error?.issues ?? []);
    expect(problems).toEqual([]);
    expect(items.length).toBeGreaterThan(0);
  });

  it('contain pipelines without updated_at, which stay without', () => {
    const items = read('pipelines.jsonl').map((item) => pipelineSchema.parse(item));
    expect(items.some(({ updatedAt }) => updatedAt === null)).toBe(true);
  });
});
