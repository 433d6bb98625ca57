import type { ProjectRecord, UserRecord } from '@syncline/gitlab';

/** The rest of a text is a click away; a timeline needs no megabyte. */
const longestDescription = 10_000;

export function projectOf(project: Pick<ProjectRecord, 'id' | 'path'>): { readonly id: string; readonly path: string } {
  return { id: String(project.id), path: project.path };
}

/** Undefined for users that were deleted, or that GitLab does not name. */
export function usernameOf(user: UserRecord | null): string | undefined {
  return user === null || user.username === '' ? undefined : user.username;
}

/** Sorted, because REST and GraphQL list them in different orders. */
export function usernames(users: readonly UserRecord[]): string[] {
  return sorted(users.map(({ username }) => username).filter((username) => username !== ''));
}

export function sorted(values: Iterable<string>): string[] {
  return [...new Set(values)].sort();
}

export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function timeText(time: Date | null): string | null {
  return time === null ? null : time.toISOString();
}

/** Undefined where there is nothing to say; cut where there is too much. */
export function descriptionOf(text: string | null): string | undefined {
  if (text === null || text.trim() === '') return undefined;
  return text.length <= longestDescription ? text : `${text.slice(0, longestDescription)}…`;
}

/** GitLab allows empty titles in places; the timeline does not. */
export function titleOf(text: string | null, fallback: string): string {
  return text === null || text.trim() === '' ? fallback : text;
}
