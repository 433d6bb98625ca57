import { ConnectorError, type LinkSide, type SyncSession } from '@syncline/connector-sdk';
import { configKeys } from './config.js';
import type { OpenSide } from './sides.js';

/** Links looked through for one that is alive: the first is, but for connections that have lost most of theirs. */
const pageSize = 50;
const pages = 4;

/**
 * Refuses a project that is not the one whose issues are linked: a config names it by its path, and after a rename
 * another project may have taken that. Its issues would be copied to strangers, and those of the first look deleted.
 * Throws `config`.
 */
export async function requireSameProjects(
  session: SyncSession,
  sides: Readonly<Record<LinkSide, OpenSide>>,
): Promise<void> {
  const linked = await linkedProjects(session);
  for (const side of ['left', 'right'] as const) {
    const [known, { place }] = [linked[side], sides[side]];
    if (known === undefined || known === place.projectId) continue;
    throw new ConnectorError(
      'config',
      `${place.path} is another project now (id ${place.projectId}): the issues kept in step so far are in the project with id ${known}.`,
      {
        hint: `If that one was renamed, name it here by its id, ${known}. For another project make a new connection.`,
        path: `/config/${configKeys[side]}/project`,
      },
    );
  }
}

async function linkedProjects(session: SyncSession): Promise<Partial<Record<LinkSide, string>>> {
  let after: string | undefined;
  for (let page = 0; page < pages; page += 1) {
    const links = await session.pair.page('issue', after, pageSize);
    const living = links.find(({ state }) => state === 'active' || state === 'conflicted');
    if (living?.left !== undefined && living.right !== undefined) {
      return { left: living.left.projectId, right: living.right.projectId };
    }
    after = links.at(-1)?.id;
    if (after === undefined) break;
  }
  return {};
}
