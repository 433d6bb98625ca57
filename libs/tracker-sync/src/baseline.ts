import type { LinkSide } from '@syncline/connector-sdk';
import type { IssueValues } from './values.js';

/** What one side of a link held when it was last dealt with. */
export interface SideBaseline {
  /**
   * What the side **returned**, in its own words: it may have dropped a second assignee, trimmed a text or refused a
   * label. Only what differs from this is a change made there. A field that was not in step has no value yet.
   */
  readonly values: Partial<IssueValues>;
  /** The issue's version then; an issue that still has it needs no second look. Empty: it has to be read in any case. */
  readonly version: string;
  /** Comments people see there, ours included, after we were done. */
  readonly commentCount?: number;
  /** When our own last comment was written there (ISO 8601): it moved the issue's version, and is no news. */
  readonly ownCommentAt?: string;
  /** What was asked of this side and not kept, by field. Shown, and not asked again until the other side changes it. */
  readonly refused?: Partial<IssueValues>;
  /** Users of this side that the other side's assignees stand for, as last mapped. A later mapping adds and removes by it. */
  readonly mapped?: readonly string[];
}

/**
 * Writes to both sides, stored before the first is sent: where an answer is lost, or the process dies, the sides tell
 * later which of them happened.
 */
export interface BegunWrites<Values = IssueValues> {
  /** What each side held when it was decided, in the fields that are written on either. */
  readonly seen: Readonly<Record<LinkSide, Partial<Values>>>;
  /** What each side was to hold, as it would return it. */
  readonly wanted: Readonly<Record<LinkSide, Partial<Values>>>;
}

/** The bases of the three-way merge, one per side. */
export interface IssueBaseline {
  /** Of the text codec and the user mapping. Another one: what we wrote is rendered anew; it is no edit. */
  readonly revision: string;
  readonly left: SideBaseline;
  readonly right: SideBaseline;
  /** Keys of issues of the original's place that its text names and that have no copy yet. */
  readonly awaits?: readonly string[];
  /** Set while nobody knows which of these writes happened. */
  readonly begun?: BegunWrites;
}

/** What one side of a comment held. */
export interface CommentBaseline {
  /** SHA-256 of the original's text, in canonical form. */
  readonly original: string;
  /** SHA-256 of the copy as it was sent. */
  readonly sent?: string;
  /** SHA-256 of the copy as the tracker returned it. */
  readonly copy?: string;
  readonly revision: string;
  /** The copy is internal. Absent: it is not, or was made before this was noted. */
  readonly internal?: boolean;
}

/** What a milestone held on each side: the same three-way merge in small. */
export interface MilestoneValues {
  readonly title: string;
  readonly description: string;
  readonly state: 'active' | 'closed';
  readonly startDate: string | null;
  readonly dueDate: string | null;
}

export interface MilestoneBaseline {
  readonly left: MilestoneValues;
  readonly right: MilestoneValues;
  /** Set while nobody knows which of these writes happened. */
  readonly begun?: BegunWrites<MilestoneValues>;
}
