import {
  type ConnectorError,
  type LinkSide,
  type SyncResult,
  type SyncSession,
  type Wake,
} from '@syncline/connector-sdk';
import { type ItemRef, type PairOptions, repairLinks, syncPair } from '@syncline/tracker-sync';
import { readSettings, type GitLabIssuesConfig } from './config.js';
import { mappedUsers } from './mapped-users.js';
import { requireSameProjects } from './same-projects.js';
import { openSides, type OpenSide } from './sides.js';
import { trackerOf } from './trackers.js';
import { issueStream } from './webhook.js';

type Sides = Readonly<Record<LinkSide, OpenSide>>;

/** One run: finds both projects, refuses what cannot be kept in step, and leaves the rest to the engine. */
export async function syncIssues(session: SyncSession, config: GitLabIssuesConfig): Promise<SyncResult> {
  const settings = readSettings(config);
  const sides = await openSides(session, settings);
  await requireSameProjects(session, sides);
  const unreadable = new Unreadable(session);
  const pair: PairOptions = {
    left: trackerOf(sides.left, unreadable.on('left')),
    right: trackerOf(sides.right, unreadable.on('right')),
    policy: settings.policy,
    users: await mappedUsers(session, sides.left.place.instanceId, sides.right.place.instanceId),
    wakes: namedIssues(session, sides),
  };
  if (session.request.params['repairLinks'] === true && session.request.kind !== 'plan') await repair(session, pair);
  const result = await syncPair(session, pair);
  await unreadable.setAside();
  return result;
}

/** Asked for after a database was lost, or to take over from another hub. */
async function repair(session: SyncSession, pair: PairOptions): Promise<void> {
  const { linked, left } = await repairLinks(session, pair);
  session.log.info(
    `Found ${linked} issues and their copies again by the markers in these; ${left} copies are left over`,
  );
}

/** Issues whose answers cannot be read: the others go on, and these are tried again. */
class Unreadable {
  private readonly found = new Map<string, { stream: LinkSide; item: string; error: ConnectorError }>();

  constructor(private readonly session: SyncSession) {}

  on(stream: LinkSide): (key: string, error: ConnectorError) => void {
    return (item, error) => {
      if (!this.found.has(`${stream} ${item}`)) this.session.log.warn(error.message, { item });
      this.found.set(`${stream} ${item}`, { stream, item, error });
    };
  }

  async setAside(): Promise<void> {
    if (this.found.size === 0 || this.session.request.kind === 'plan') return;
    await this.session.pair.commit({ setAside: [...this.found.values()] });
  }
}

/** What webhooks named, as issues of a side. One number of a project may be on both sides, on two instances. */
function namedIssues(session: SyncSession, sides: Sides): ItemRef[] {
  const named = session.request.wakes.filter(({ stream, item }) => stream === issueStream && item !== undefined);
  const isAt = ({ scope }: Wake, side: LinkSide): boolean => scope === sides[side].place.projectId;
  const foreign = named.filter((wake) => !isAt(wake, 'left') && !isAt(wake, 'right'));
  if (foreign.length > 0) {
    session.log.info(`Ignored ${foreign.length} webhooks of other projects than these two`);
  }
  const items = (['left', 'right'] as const).flatMap((side) => {
    const keys = new Set(named.filter((wake) => isAt(wake, side)).flatMap(({ item }) => item ?? []));
    return [...keys].map((key): ItemRef => ({ side, key }));
  });
  return items;
}
