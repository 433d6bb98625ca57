import type { User } from '../../model/people.js';
import type { Project } from '../../model/project.js';
import { Random } from '../../world/random.js';
import type { World } from '../../world/world.js';
import type { Issue } from '../model/issue.js';
import { uploadMarkdown } from '../world/uploads.js';

export interface IssueSeed {
  readonly issues: number;
  /** Comments of each issue. Default 3. */
  readonly comments?: number;
  /** How many labels the project gets; issues have up to three of them. Default 12. */
  readonly labels?: number;
  /** How many milestones the project gets; two in three issues have one. Default 6. */
  readonly milestones?: number;
  /** Shares, 0 to 1. Defaults: 0.05 with an attached file, 0.25 closed, none confidential or with an internal note. */
  readonly attachments?: number;
  readonly closed?: number;
  readonly confidential?: number;
  readonly internal?: number;
  /** Who writes and is assigned; they should be members. Default: the administrator. */
  readonly people?: readonly User[];
  /** How far back it goes. Default 90. */
  readonly days?: number;
  readonly seed?: number | string;
}

const subjects = ['Login', 'Invoice export', 'Search', 'Mobile menu', 'Report', 'Password reset', 'Upload', 'Timezone'];
const troubles = ['fails with an error', 'is slow', 'shows the wrong total', 'needs a test', 'should be documented'];
const areas = ['bug', 'feature', 'ui', 'backend', 'security', 'docs', 'prio::high', 'prio::low', 'team a', 'team b'];
const sentences = [
  'It happens since the last release, for about one customer in ten.',
  'Steps:\n\n1. open the page\n2. choose a date\n3. press **Save**',
  '```\nTypeError: cannot read properties of undefined\n    at render (page.js:10)\n```',
  'The log says `timeout after 20 s` and nothing else.',
  '- [x] reproduced\n- [ ] fixed\n- [ ] tested',
  'Ümläute and 日本語 must survive, as must "quotes" & <angles>.',
];

/**
 * Fills a project with issues as they grow in real ones: text with code, lists and references, comments, labels,
 * milestones, files. The same for the same seed and clock; nobody is told. Times ascend with the iids.
 */
export function seedIssues(world: World, project: Project, options: IssueSeed): Issue[] {
  const random = new Random(`${options.seed ?? 1}/issues of ${project.id}`);
  const people = options.people ?? [world.users.root];
  const end = world.core.clock.read();
  const span = (options.days ?? 90) * 86_400_000;
  const told = world.notifications.all.length;
  const { labels, milestones } = world.at(end - span, () => ({
    labels: Array.from({ length: options.labels ?? 12 }, (_, index) => seedLabel(world, project, random, index)),
    milestones: Array.from({ length: options.milestones ?? 6 }, (_, index) => {
      const dueDate = new Date(end + index * 14 * 86_400_000).toISOString().slice(0, 10);
      return world.milestones.create(project, {
        title: `Release ${index + 1}`,
        description: `Number ${index + 1}`,
        dueDate,
      });
    }),
  }));
  const issues = Array.from({ length: options.issues }, (_, index) => {
    const at = end - span + Math.floor(((index + 1) / (options.issues + 1)) * span);
    const author = random.pick(people);
    const milestone = random.chance(2 / 3) && milestones.length > 0 ? random.pick(milestones) : null;
    const file = random.chance(options.attachments ?? 0.05) ? seedFile(world, project, random, author, at) : undefined;
    const description = [random.pick(sentences), random.pick(sentences), ...(file === undefined ? [] : [file])].join(
      '\n\n',
    );
    const issue = world.at(at, () =>
      world.issues.create(project, {
        title: `${random.pick(subjects)} ${random.pick(troubles)} (${index + 1})`,
        description:
          index > 0 && random.chance(0.1) ? `${description}\n\nSee #${random.between(1, index)}.` : description,
        labels: random.sample(labels, random.between(0, 3)),
        milestone,
        assignees: random.chance(0.5) ? [random.pick(people)] : [],
        dueDate: random.chance(0.2) ? new Date(at + 30 * 86_400_000).toISOString().slice(0, 10) : null,
        confidential: random.chance(options.confidential ?? 0),
        by: author,
      }),
    );
    seedLife(world, issue, random, people, options, Math.min(end, at + Math.floor(span / 20)));
    return issue;
  });
  world.notifications.all.length = told;
  return issues;
}

function seedLabel(world: World, project: Project, random: Random, index: number): string {
  const round = Math.floor(index / areas.length);
  const name = `${areas[index % areas.length] ?? 'label'}${round === 0 ? '' : ` ${round + 1}`}`;
  const color = `#${random.between(0, 0xffffff).toString(16).padStart(6, '0')}`;
  if (!world.labels.taken(project, name)) world.labels.create(project, { name, color, description: `About ${name}` });
  return name;
}

function seedFile(world: World, project: Project, random: Random, by: User, at: number): string {
  const image = random.chance(0.5);
  const bytes = Buffer.from(random.sha256().repeat(random.between(4, 40)));
  const name = image ? `screenshot-${random.between(1, 99)}.png` : 'server.log';
  return uploadMarkdown(world.at(at, () => world.uploads.create(project, name, bytes, by))).markdown;
}

/** Comments, and for some an end. */
function seedLife(
  world: World,
  issue: Issue,
  random: Random,
  people: readonly User[],
  options: IssueSeed,
  until: number,
): void {
  const comments = options.comments ?? 3;
  const closed = random.chance(options.closed ?? 0.25);
  const steps = comments + (closed ? 1 : 0);
  const from = issue.createdAt;
  const moment = (step: number): number => from + Math.floor(((step + 1) / (steps + 1)) * (until - from));
  for (let step = 0; step < comments; step += 1) {
    const internal = random.chance(options.internal ?? 0);
    const body = `${random.pick(sentences)}\n\nComment ${step + 1}.`;
    world.at(moment(step), () => world.notes.create(issue, { body, by: random.pick(people), internal }));
  }
  if (closed) world.at(moment(comments), () => world.issues.close(issue, { by: random.pick(people) }));
}
