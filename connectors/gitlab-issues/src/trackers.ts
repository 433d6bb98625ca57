import type { ConnectorError, Tracker } from '@syncline/connector-sdk';
import { createGitLabTracker } from '@syncline/gitlab';
import type { OpenSide } from './sides.js';

/** The tracker of a side that was found: its project is known and not asked for again. */
export function trackerOf(
  { client, place, project }: OpenSide,
  onUnreadable?: (key: string, error: ConnectorError) => void,
): Tracker {
  return createGitLabTracker(client, place, { project, ...(onUnreadable === undefined ? {} : { onUnreadable }) });
}
