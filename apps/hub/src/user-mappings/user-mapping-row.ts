/** A row of `user_mapping` as the driver returns it. */
export interface UserMappingRow {
  readonly id: string;
  readonly source_instance_id: string;
  readonly source_username: string;
  readonly target_instance_id: string;
  readonly target_username: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** Who somebody of one instance is on another. */
export interface UserPair {
  readonly sourceInstanceId: string;
  readonly sourceUsername: string;
  readonly targetInstanceId: string;
  readonly targetUsername: string;
}

export const FIELDS = ['sourceInstanceId', 'sourceUsername', 'targetInstanceId', 'targetUsername'] as const;
export type Field = (typeof FIELDS)[number];

export const MOST_LETTERS = 255;

/** A username as people write it: spaces around it and a leading @ are no part of it. */
export function cleanUsername(text: string): string {
  return text.trim().replace(/^@/, '');
}

/** What is wrong with a cleaned username; undefined: nothing. */
export function usernameFault(username: string): string | undefined {
  if (username === '') return 'is empty';
  if (username.length > MOST_LETTERS) return `is longer than ${MOST_LETTERS} characters`;
  return /\p{Cc}|\p{Surrogate}/u.test(username) ? 'holds a character that no username has' : undefined;
}
