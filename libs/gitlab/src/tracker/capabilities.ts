import { issueFieldNames, type IssueFieldName, type TrackerCapabilities } from '@syncline/connector-sdk';
import { roles } from './project.js';

/** Our own HTTP client reads no larger answers; GitLab's own limit is 100 MiB unless its administrator changed it. */
const MAX_UPLOAD_BYTES = 50 * 1024 * 1024;

/** Below Planner GitLab drops every other field without a word, and lets an issue become confidential only at creation. */
const guestFields: readonly IssueFieldName[] = ['title', 'description', 'state', 'confidential'];

/** What a role may do with issues, and what the plan has. Sources: GitLab's table of permissions, its API's limits. */
export function capabilitiesOf(accessLevel: number, hasWeights: boolean): TrackerCapabilities {
  const plans = accessLevel >= roles.planner;
  const all = issueFieldNames.filter((name) => name !== 'weight' || hasWeights);
  return {
    fields: plans ? all : guestFields,
    comments: true,
    internalComments: plans,
    editComments: true,
    deleteComments: true,
    uploads: true,
    createLabels: plans,
    milestones: plans,
    createsClosed: false,
    maxTitleLength: 255,
    maxDescriptionLength: 1_048_576,
    maxCommentLength: 1_000_000,
    maxUploadSize: MAX_UPLOAD_BYTES,
    // A comment and its issue are saved one after the other in one transaction.
    commentTouchSlackMs: 50,
  };
}
