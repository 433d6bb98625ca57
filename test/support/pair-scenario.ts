import type { PairWorld } from '../../connectors/gitlab-issues/src/testing/pair-world.js';

/** With what a pair is kept in step here. */
export const scenarioConfig = { bidirectional: true, unmappedUsers: 'same-username', onDelete: 'close' } as const;

/** What is there and in step before anything goes wrong. */
export function prepare({ source }: Pick<PairWorld, 'source'>): void {
  const issue = source.create('Linked', { description: 'One\n\nTwo\n\nThree' });
  for (const body of ['Old comment', 'Comment that goes']) source.world.notes.create(issue, { body, by: source.nora });
}

/** Creations, edits, comments, labels, milestones, files and a conflict, on both sides. */
export function work({ source, target }: Pick<PairWorld, 'source' | 'target'>): void {
  const { issues, labels, milestones, notes, uploads } = source.world;
  labels.create(source.project, { name: 'bug', color: '#ff0000', description: 'What is broken' });
  const milestone = milestones.create(source.project, { title: 'R1', dueDate: '2026-06-01' });
  const file = uploads.create(source.project, 'log.txt', Buffer.from('a log'), source.nora);
  const link = `[log](/uploads/${file.secret}/${file.filename})`;
  const one = source.create('New', {
    description: `See #1, ${link}`,
    labels: ['bug'],
    assignees: [source.nora],
    milestone,
    dueDate: '2026-05-05',
  });
  for (const body of ['First', `Second, ${link}`]) notes.create(one, { body, by: source.nora });
  const closed = source.create('Closed');
  issues.close(closed, { by: source.nora });
  const secret = source.create('Secret', { confidential: true });
  notes.create(secret, { body: 'Internal', internal: true, by: source.nora });
  const theirs = target.create('From the target', { description: 'Text', labels: ['other'] });
  target.world.notes.create(theirs, { body: 'From the target, too', by: target.nora });
  conflict({ source, target });
}

function conflict({ source, target }: Pick<PairWorld, 'source' | 'target'>): void {
  const left = source.issue(1);
  const [old, going] = source.comments(1);
  const right = target.issues.find(({ title }) => title === 'Linked');
  if (old === undefined || going === undefined || right === undefined) throw new Error('nothing is linked yet');
  const edits = { title: 'Left title', addLabels: ['bug'], description: 'One!\n\nTwo\n\nThree' };
  source.world.issues.update(left, edits, { by: source.nora });
  source.world.notes.update(old, 'Old comment, edited', { by: source.nora });
  source.world.notes.delete(going);
  const description = (right.description ?? '').replace('Three', 'Three!');
  target.world.issues.update(right, { title: 'Right title', dueDate: '2026-07-01', description }, { by: target.nora });
}
