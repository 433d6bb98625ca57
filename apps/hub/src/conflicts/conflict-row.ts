import type { JsonValue } from '@syncline/connector-sdk';

/** Of a text in a list, in characters: a description may have a million of them, and a page five hundred conflicts. */
export const MOST_LISTED = 4_000;

export type ConflictState = 'open' | 'resolved' | 'closed';

/** What became of a conflict, and by whom. */
export interface Resolution {
  /** `fixed`: people made both sides agree at the remotes. `policy`: the connection's policy changed and decided. */
  readonly choice: 'left' | 'right' | 'value' | 'fixed' | 'policy';
  readonly value?: JsonValue;
  /** The token's name. */
  readonly by?: string;
  /** ISO 8601. */
  readonly at?: string;
  /** When a run has written it to the remotes; ISO 8601. */
  readonly appliedAt?: string;
}

/** A row of `conflict` as the driver returns it. */
export interface ConflictRow {
  readonly id: string;
  readonly connection_id: string;
  readonly link_id: string;
  readonly field: string;
  readonly base: JsonValue;
  readonly left_value: JsonValue;
  readonly right_value: JsonValue;
  readonly state: ConflictState;
  readonly settled: boolean;
  readonly resolution: Resolution | null;
  readonly detected_at: Date;
  readonly updated_at: Date;
}
