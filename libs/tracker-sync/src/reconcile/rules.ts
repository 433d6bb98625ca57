import type { IssueFieldName, LinkSide, MilestoneRef } from '@syncline/connector-sdk';
import type { SyncPolicy } from '../policy.js';
import type { FieldConflict } from '../links.js';
import type { TextMap } from '../text/index.js';

/** What is known of both sides' words when an issue is reconciled. Pure: everything was looked up before. */
export interface Translation {
  /** The username on the other side; undefined: nobody there stands for this user. */
  user(from: LinkSide, username: string): string | undefined;
  /** The other side's milestone; with an empty key one that has to be made, or found by its title. */
  milestone(from: LinkSide, milestone: MilestoneRef): MilestoneRef;
  text(from: LinkSide): TextMap;
}

/** When fields were last changed (ISO 8601), where the remotes keep that. */
export type FieldTimes = Partial<Record<IssueFieldName, string>>;

/** Everything a decision depends on besides the values themselves. */
export interface Rules {
  readonly policy: SyncPolicy;
  readonly translation: Translation;
  /** The side that holds the original. */
  readonly originSide: LinkSide;
  /** The codec's and the mapping's revision now. */
  readonly revision: string;
  /** The fields of this issue that are in conflict already. */
  readonly open?: readonly FieldConflict[];
  /** For the policy `newest`. Absent: not asked yet. */
  readonly times?: Readonly<Record<LinkSide, FieldTimes>>;
  /** Something the text names can be translated better than before. */
  readonly rerender?: boolean;
}
