import type { ProjectRecord, RegistryRepositoryRecord, RegistryWatch } from '@syncline/gitlab';
import { concurrently } from '../concurrently.js';
import { filterOf, restore } from '../saved-cursor.js';
import type { SyncRun } from '../sync-run.js';
import { images } from './image-stream.js';
import { KnownTags } from './known-tags.js';
import { streamOf } from './walked-stream.js';

/** What a repository's checkpoint holds. `hint` is written where GitLab told when the repository was last pushed to. */
export interface SavedTags {
  readonly tags: string;
  /** ISO 8601; null: this registry does not tell. */
  readonly hint?: { readonly publishedAt: string | null };
}

/** How a repository is read in this run. Absent: it is not, because nothing was pushed, or its turn is yet to come. */
export interface Look {
  /** Only what was pushed at this time or later. */
  readonly publishedAfter?: Date;
}

/** Requests a poll spends on asking whether something was pushed. */
const requestsPerPoll = 5;
/** Costs are counted in twentieths of a request: one answers for twenty repositories that tell when they were pushed to. */
const unitsPerRequest = 20;
/** Of one that does not tell, the first tags are compared, ten repositories a request, and each further page alone. */
const silentUnits = 2;
const tagsPerPage = 20;

interface Place {
  readonly id: number;
  readonly publishedAt: string | null;
  readonly units: number;
}

/**
 * Which repositories of the run's projects are to be read: those never read; those that were pushed to since; and in turn,
 * those that do not tell. Undefined where GitLab cannot be asked about many at once.
 */
export async function registryLooks(
  run: SyncRun,
  projects: readonly { readonly project: ProjectRecord; readonly repositories: readonly RegistryRepositoryRecord[] }[],
): Promise<ReadonlyMap<number, Look> | undefined> {
  const watch = run.reader.registryWatch;
  if (watch === undefined) return undefined;
  const looks = new Map<number, Look>();
  const places: Place[] = [];
  const filter = filterOf(run.settings, { byBranch: false });
  await concurrently(projects, async ({ project, repositories }) => {
    for (const { id } of repositories) {
      const checkpoint = await run.session.checkpoint(`${streamOf(images, project)}/${id}`);
      const saved = restore<SavedTags>(checkpoint, filter);
      if (saved?.hint === undefined || run.session.request.mode === 'full') looks.set(id, {});
      else places.push({ id, publishedAt: saved.hint.publishedAt, units: unitsOf(saved) });
    }
  });
  const turn = await turnOf(run, places);
  const told = await watch.lastPublished(turn.filter(({ publishedAt }) => publishedAt !== null).map(({ id }) => id));
  if (told === undefined) return undefined;
  for (const { id, publishedAt } of turn) {
    const time = told.get(id);
    if (publishedAt === null || time === null) looks.set(id, {});
    else if (time !== undefined && time > new Date(publishedAt))
      looks.set(id, { publishedAfter: new Date(publishedAt) });
  }
  announceWhole(watch, looks);
  return looks;
}

function announceWhole(watch: RegistryWatch, looks: ReadonlyMap<number, Look>): void {
  const whole = [...looks].flatMap(([id, { publishedAfter }]) => (publishedAfter === undefined ? [id] : []));
  watch.announceTags(whole.sort((a, b) => a - b));
}

/** As many as the budget of a poll allows, after those of the last poll. */
async function turnOf(run: SyncRun, places: readonly Place[]): Promise<readonly Place[]> {
  const budget = requestsPerPoll * unitsPerRequest;
  const total = places.reduce((sum, { units }) => sum + units, 0);
  if (total <= budget) return places;
  const sorted = [...places].sort((a, b) => a.id - b.id);
  const after = Number((await run.session.checkpoint(images.name))?.['after'] ?? 0);
  const next = Math.max(
    0,
    sorted.findIndex(({ id }) => id > after),
  );
  const turn: Place[] = [];
  let spent = 0;
  for (const place of [...sorted.slice(next), ...sorted.slice(0, next)]) {
    if (turn.length > 0 && spent + place.units > budget) break;
    turn.push(place);
    spent += place.units;
  }
  await run.commit(images.name, {}, { after: turn.at(-1)?.id ?? 0 });
  run.session.log.debug(
    `Looked at ${turn.length} of ${places.length} registry repositories; ` +
      `a pushed image tag is noticed within ${Math.ceil(total / budget) + 1} polls`,
  );
  return turn;
}

function unitsOf({ tags, hint }: SavedTags): number {
  if (hint?.publishedAt !== null) return 1;
  const furtherPages = Math.max(0, Math.ceil(new KnownTags(tags).size / tagsPerPage) - 1);
  return silentUnits + furtherPages * unitsPerRequest;
}
