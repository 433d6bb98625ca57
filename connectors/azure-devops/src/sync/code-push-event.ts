import { createHash } from 'node:crypto';
import type { ChangeEvent, JsonObject } from '@syncline/connector-sdk';
import { shortRef, type RefOutcome } from '../refs/ref-plan.js';
import type { Ends } from './remotes.js';

/** A ref that has really changed in Azure DevOps. */
export interface PushedChange {
  readonly source: string;
  readonly target: string;
  readonly outcome: RefOutcome;
  readonly before?: string;
  /** Absent after a deletion. */
  readonly after?: string;
  /** When the push was about to begin: the same for all refs of one push, and after a crash. */
  readonly at: string;
}

/** Refs named in an event; a first sync may push thousands. */
const mostNamed = 100;

/** One event a push, with refs and shas. A push that a crash hid from its run gets the same event from the next one. */
export function codePushEvent(
  ends: Ends,
  changes: readonly PushedChange[],
  details: { readonly message?: string; readonly troubled: number },
): ChangeEvent {
  const [first] = changes;
  const at = new Date(Math.max(...changes.map((change) => Date.parse(change.at))));
  const lines = changes.map(({ target, before = '', after = '', at: time }) => `${time} ${target} ${before} ${after}`);
  const digest = createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, 16);
  const { gitLab, azure } = ends;
  const only = changes.length === 1 ? first : undefined;
  const what = only === undefined ? `${changes.length} refs` : shortRef(only.target);
  const verb = only?.outcome === 'deleted' ? 'Deleted' : 'Pushed';
  return {
    eventId: `code-push-${gitLab.id}-${digest}`,
    version: { updatedAt: at },
    eventType: 'code_push',
    title: `${verb} ${what} to ${azure.projectName}/${azure.name}`,
    ...(details.message === undefined ? {} : { description: details.message }),
    status: details.troubled === 0 ? 'pushed' : 'partial',
    project: { id: String(gitLab.id), path: gitLab.path },
    ...(azure.webUrl === undefined ? {} : { url: azure.webUrl }),
    occurredAt: at,
    metadata: {
      repository: `${azure.projectName}/${azure.name}`,
      branch: only === undefined ? null : shortRef(only.target),
      sha: only?.after ?? null,
      refCount: changes.length,
      refs: changes.slice(0, mostNamed).map(named),
      message: details.message ?? null,
    },
  };
}

function named({ source, target, outcome, before, after }: PushedChange): JsonObject {
  return { name: target, source, outcome, before: before ?? null, after: after ?? null };
}
