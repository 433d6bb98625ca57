import type { User } from '../../model/people.js';
import type { Project } from '../../model/project.js';
import { Random } from '../../world/random.js';
import type { World } from '../../world/world.js';

export interface IssueChanges {
  /** Issues of which one field each is edited. */
  readonly edits?: number;
  /** Issues that get one comment each. */
  readonly comments?: number;
  readonly created?: number;
  /** Default: the administrator. */
  readonly by?: User;
  readonly seed?: number | string;
}

/**
 * Changes as many different issues as asked for, as a person would.
 * @returns the iids by kind of change
 */
export function changeIssues(
  world: World,
  project: Project,
  changes: IssueChanges,
): { edited: number[]; commented: number[]; created: number[] } {
  const random = new Random(`${changes.seed ?? 1}/issue changes/${world.core.nextId('change')}`);
  const by = changes.by ?? world.users.root;
  // By title: what is chosen must not hang on the order in which copies came to be.
  const all = random.shuffle([...project.issues.byIid.values()].sort((a, b) => (a.title < b.title ? -1 : 1)));
  const edited = all.slice(0, changes.edits ?? 0);
  const commented = all.slice(edited.length, edited.length + (changes.comments ?? 0));
  const stamp = random.sha().slice(0, 6);
  for (const [index, issue] of edited.entries()) {
    const field = index % 4;
    if (field === 0) world.issues.update(issue, { title: `${issue.title.slice(0, 200)} ${stamp}` }, { by });
    if (field === 1)
      world.issues.update(issue, { description: `${issue.description ?? ''}\n\nEdited ${stamp}.` }, { by });
    if (field === 2) world.issues.update(issue, { state: issue.state === 'opened' ? 'closed' : 'opened' }, { by });
    if (field === 3)
      world.issues.update(issue, { dueDate: issue.dueDate === '2030-01-01' ? null : '2030-01-01' }, { by });
  }
  for (const issue of commented) world.notes.create(issue, { body: `A word about it (${stamp}).`, by });
  const created = Array.from({ length: changes.created ?? 0 }, (_, index) =>
    world.issues.create(project, { title: `New ${stamp} ${index + 1}`, description: 'Just found.', by }),
  );
  const iids = (issues: readonly { iid: number }[]): number[] => issues.map(({ iid }) => iid);
  return { edited: iids(edited), commented: iids(commented), created: iids(created) };
}
