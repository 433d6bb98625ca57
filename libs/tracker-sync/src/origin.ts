import type { TrackerPlace } from '@syncline/connector-sdk';

/**
 * Where an issue or a comment was written by a person. It travels with every copy, and is what tells a copy from an
 * original however many pairs of projects lie between them.
 */
export interface Origin {
  /** The hub that made the copy. */
  readonly hub: string;
  /** The instance's base URL. */
  readonly instance: string;
  readonly project: string;
  /** Key of the issue. */
  readonly issue: string;
  /** Id of the comment; absent: the origin is the issue itself. */
  readonly comment?: string;
  /** Where it is since it was moved inside the instance. It is known by where it was written all the same. */
  readonly now?: { readonly project: string; readonly issue: string; readonly comment?: string };
}

/** One string for one origin, whichever hub made the copy. */
export function originKey(origin: Origin): string {
  return [origin.instance, origin.project, origin.issue, ...(origin.comment === undefined ? [] : [origin.comment])]
    .map(encodeURIComponent)
    .join(' ');
}

/** One string for one place: where at most one copy of an origin may be. */
export function placeKey(place: Pick<TrackerPlace, 'baseUrl' | 'projectId'>): string {
  return [place.baseUrl, place.projectId].map(encodeURIComponent).join(' ');
}

export function originOf(hub: string, place: TrackerPlace, issue: string, comment?: string): Origin {
  const origin = { hub, instance: place.baseUrl, project: place.projectId, issue };
  return comment === undefined ? origin : { ...origin, comment };
}

/** The origin as a thing of this place: written there, or moved there since. Undefined: it is elsewhere. */
export function originIn(origin: Origin, place: TrackerPlace): NonNullable<Origin['now']> | undefined {
  if (origin.instance !== place.baseUrl) return undefined;
  const { project, issue, comment, now } = origin;
  if (now?.project === place.projectId) return now;
  if (project !== place.projectId) return undefined;
  return { project, issue, ...(comment !== undefined && { comment }) };
}

/** Was it written in this place, or moved there? */
export function isFrom(origin: Origin, place: TrackerPlace): boolean {
  return originIn(origin, place) !== undefined;
}

/** As if it had been written where it is now. */
export function whereItIs({ now, ...origin }: Origin): Origin {
  return now === undefined ? origin : { hub: origin.hub, instance: origin.instance, ...now };
}
