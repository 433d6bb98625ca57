import { z } from 'zod';
import type { BranchHead, CommitRecord } from '../records.js';
import { text, second } from './parts.js';

export const branchSchema = z
  .object({ name: z.string(), commit: z.object({ id: z.string() }) })
  .transform((branch): BranchHead => ({ name: branch.name, sha: branch.commit.id }));

export const commitSchema = z
  .object({
    id: z.string(),
    short_id: text,
    title: text,
    message: text,
    author_name: text,
    author_email: text,
    authored_date: second,
    committed_date: second,
    created_at: second,
    parent_ids: z.array(z.string()).nullish(),
    stats: z.object({ additions: z.number(), deletions: z.number(), total: z.number() }).nullish(),
    web_url: text,
  })
  .transform((commit): CommitRecord => ({
    sha: commit.id,
    shortSha: commit.short_id ?? commit.id.slice(0, 8),
    title: commit.title ?? '',
    message: commit.message,
    authorName: commit.author_name,
    authorEmail: commit.author_email,
    authoredAt: commit.authored_date,
    committedAt: commit.committed_date ?? commit.created_at,
    parentShas: commit.parent_ids ?? [],
    stats: commit.stats ?? null,
    url: commit.web_url,
  }));
