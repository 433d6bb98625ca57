import { mergeRequestEntity } from '../../entities/merge-request.js';
import type { Call } from '../../http/call.js';
import { listArray } from '../../http/listing.js';
import { pageReply } from '../../http/pagination.js';
import type { Reply } from '../../http/reply.js';
import type { Issue } from '../model/issue.js';

/** Merge requests of the same project whose description names the issue, or promises to close it. */
export function simpleMergeRequests(call: Call, issue: Issue, kind: 'closing' | 'related'): Reply {
  const closing = `\\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?):?\\s+`;
  const pattern = new RegExp(`${kind === 'closing' ? closing : '(?<![\\w/])'}#${issue.iid}(?!\\d)`, 'i');
  const rows = [...issue.project.mergeRequests.values()].filter((row) => pattern.test(row.description ?? ''));
  return pageReply(call, listArray(rows), (row) => JSON.stringify(mergeRequestEntity(call.site, row)));
}
