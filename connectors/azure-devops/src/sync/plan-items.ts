import type { PlanItem } from '@syncline/connector-sdk';
import { shortRef, type RefOperation, type RefVerdict } from '../refs/ref-plan.js';
import type { RefLinks } from './ref-links.js';

/** What a sync would do with each ref, in order, as people read it. Refs that are equal are left out. */
export function planItems(
  operations: readonly RefOperation[],
  verdicts: readonly RefVerdict[],
  refs: Pick<RefLinks, 'left' | 'right'>,
): PlanItem[] {
  return [
    ...operations.map((operation): PlanItem => {
      const { kind, source = operation.target, target, sha = '', lease = '' } = operation;
      const base = { kind: 'ref', side: 'right', title: shortRef(target) } as const;
      switch (kind) {
        case 'create':
          return { ...base, op: 'create', ref: refs.left(source, target), reason: `New in GitLab, at ${sha}.` };
        case 'delete':
          return { ...base, op: 'delete', ref: refs.right(target), reason: `Deleted in GitLab; it was at ${lease}.` };
        default: {
          const how = kind === 'force' ? 'Rewritten' : 'Moved forward';
          const reason = `${how} in GitLab, from ${lease} to ${sha}.`;
          return { ...base, op: 'update', ref: refs.right(target), fields: ['sha'], reason };
        }
      }
    }),
    ...verdicts.flatMap((verdict): PlanItem[] => {
      const { outcome, source, target, left, right } = verdict;
      if (outcome === 'same' || outcome === 'gone') return [];
      const isConflict = outcome === 'diverged' || outcome === 'rewritten';
      const ref = right === undefined && source !== undefined ? refs.left(source, target) : refs.right(target);
      const shas = [left === undefined ? [] : [`GitLab ${left}`], right === undefined ? [] : [`Azure DevOps ${right}`]];
      const said = verdict.reason ?? (outcome === 'kept' ? 'Deleted in GitLab, and kept as the settings say' : 'Left');
      const reason = `${outcome.replace('_', ' ')}: ${said} (${shas.flat().join(', ')})`;
      return [
        { op: isConflict ? 'conflict' : 'skip', kind: 'ref', side: 'right', title: shortRef(target), ref, reason },
      ];
    }),
  ];
}
