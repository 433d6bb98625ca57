import type { LinkSide, PlanItem } from '@syncline/connector-sdk';
import type { IssueLink } from '../links.js';
import type { Reconciled } from '../reconcile/index.js';
import type { IssueValues } from '../values.js';
import type { Engine } from './engine.js';

/** What a sync would do about a linked issue. */
export async function planDecisions(
  engine: Engine,
  link: IssueLink,
  decided: Reconciled,
  both: Readonly<Record<LinkSide, IssueValues>>,
): Promise<void> {
  const items: PlanItem[] = [];
  for (const { field, write, conflict, reason = '' } of decided.decisions) {
    const ref = link[link.originSide];
    const about = {
      kind: 'issue' as const,
      title: both[link.originSide].title,
      ...(ref !== undefined && { ref }),
      reason,
    };
    if (conflict !== undefined) items.push({ ...about, op: 'conflict', side: link.originSide, fields: [field] });
    for (const side of ['left', 'right'] as const) {
      const value = write?.[side];
      if (value === undefined || !(field in decided.write[side])) continue;
      const op = field !== 'state' ? 'update' : value === 'closed' ? 'close' : 'reopen';
      items.push({ ...about, op, side, fields: [field] });
    }
  }
  if (items.length > 0) await engine.context.session.planned(items);
}
