import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAcme, type Acme } from '../testing/acme.js';
import { ask, asObject } from '../testing/ask.js';
import { fieldPaths, unexplained } from '../testing/field-paths.js';
import { startHookReceiver, type HookReceiver } from '../testing/hook-receiver.js';

/** Real answers and payloads live beside the project and are never part of it. */
const data = new URL('../../../../../../shared/data/', import.meta.url);

function recorded(name: string): Set<string> | undefined {
  const url = new URL(name, data);
  if (!existsSync(url)) {
    process.stdout.write(`issue-hooks.spec: not compared, ${url.pathname} is absent\n`);
    return undefined;
  }
  const text = readFileSync(url, 'utf8').trim();
  const objects: unknown[] = name.endsWith('.jsonl')
    ? text.split('\n').map((line) => JSON.parse(line))
    : [JSON.parse(text)];
  return new Set(objects.flatMap((object) => [...fieldPaths(object)]));
}

const newer: Readonly<Record<string, string>> = {
  '*.public_email': 'user objects since 16.x',
  '*.locked': 'user objects since 15.x',
  task_status: 'issues with checklists',
  'milestone.project_id': 'of project milestones; the recordings have group milestones only',
  imported: 'since 17.2',
  imported_from: 'since 17.2',
};

const reasons: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  issue: {
    'object_attributes.closed_at': 'issues that were closed; documented',
    'object_attributes.type': 'since 16.x',
    'assignees[].id': 'since 13.x',
    'assignees[].email': 'users carry it everywhere, hidden unless public',
    'assignee.id': 'since 13.x',
    'assignee.email': 'users carry it everywhere, hidden unless public',
    'changes.assignees': 'documented; the example changes labels only',
    'changes.confidential': 'documented; a column as the others',
    'changes.due_date': 'a column as the others',
    'changes.discussion_locked': 'a column as the others',
    'changes.milestone_id': 'a column as the others',
    'changes.last_edited_at': 'a column as the others',
    'changes.last_edited_by_id': 'a column as the others',
    'changes.moved_to_id': 'a column as the others',
    'changes.time_estimate': 'a column as the others',
  },
  note_issue: {
    '*.ci_config_path': 'of newer project objects',
    'object_attributes.change_position': 'null for issues; documented',
    'object_attributes.discussion_id': 'documented',
    'object_attributes.internal': 'documented',
    'object_attributes.original_position': 'null for issues; documented',
    'object_attributes.position': 'null for issues; documented',
    'object_attributes.resolved_at': 'documented',
    'object_attributes.resolved_by_id': 'documented',
    'object_attributes.resolved_by_push': 'documented',
    'object_attributes.type': 'documented',
    'object_attributes.updated_by_id': 'documented',
    'issue.closed_at': 'as in issue hooks',
    'issue.confidential': 'as in issue hooks',
    'issue.discussion_locked': 'as in issue hooks',
    'issue.due_date': 'as in issue hooks',
    'issue.last_edited_at': 'as in issue hooks',
    'issue.last_edited_by_id': 'as in issue hooks',
    'issue.moved_to_id': 'as in issue hooks',
    'issue.duplicated_to_id': 'as in issue hooks',
    'issue.relative_position': 'as in issue hooks',
    'issue.state_id': 'as in issue hooks',
    'issue.updated_by_id': 'as in issue hooks',
    'issue.type': 'as in issue hooks',
    'issue.url': 'as in issue hooks',
    'issue.time_change': 'as in issue hooks',
    'issue.human_time_change': 'as in issue hooks',
    'issue.severity': 'as in issue hooks',
  },
};

describe('hooks about issues', () => {
  let acme: Acme;
  let receiver: HookReceiver;
  let open: HookReceiver;
  beforeAll(async () => {
    acme = await startAcme();
    receiver = await startHookReceiver();
    open = await startHookReceiver();
    const { world, hooks } = acme.gitlab;
    const { project, nora, group } = acme;
    world.hooks.create(project, { url: receiver.url });
    world.hooks.create(project, { url: open.url, flags: { issues_events: true, note_events: true } });
    const target = world.projects.create({ path: 'api', owner: group });
    const milestone = world.milestones.create(project, { title: 'R1' });
    const file = world.uploads.create(project, 'a.png', Buffer.from('x'), nora);
    const description = `- [ ] one\n![a](/uploads/${file.secret}/a.png)`;
    const issue = world.issues.create(project, {
      title: 'Told',
      labels: ['bug'],
      assignees: [nora],
      milestone,
      description,
    });
    acme.pass(1000);
    world.issues.update(issue, { title: 'Retold', addLabels: ['later'], dueDate: '2026-05-01', timeEstimate: 3600 });
    const note = world.notes.create(issue, { body: 'said', by: nora });
    world.notes.update(note, 'said again', { by: nora });
    world.notes.create(issue, { body: 'whispered', internal: true });
    world.issues.close(issue, { by: nora });
    world.issues.reopen(issue);
    world.issues.update(issue, { confidential: true, assignees: [], milestone: null });
    world.notes.create(issue, { body: 'behind closed doors' });
    world.issues.move(issue, target);
    world.notes.delete(note);
    world.issues.delete(issue);
    await hooks.idle();
  });
  afterAll(async () => {
    await acme.gitlab.stop();
    await receiver.stop();
    await open.stop();
  });
  const attributesOf = (body: Record<string, unknown>) => asObject(body['object_attributes']);

  it('tell each change once, and nothing of what vanishes', () => {
    const told = receiver.received.map(({ headers, body }) => [
      headers['x-gitlab-event'],
      body['event_type'],
      attributesOf(body)['action'],
    ]);
    expect(told).toEqual([
      ['Issue Hook', 'issue', 'open'],
      ['Issue Hook', 'issue', 'update'],
      ['Note Hook', 'note', 'create'],
      ['Note Hook', 'note', 'update'],
      ['Confidential Note Hook', 'confidential_note', 'create'],
      ['Issue Hook', 'issue', 'close'],
      ['Issue Hook', 'issue', 'reopen'],
      ['Confidential Issue Hook', 'confidential_issue', 'update'],
      ['Confidential Note Hook', 'confidential_note', 'create'],
      ['Confidential Issue Hook', 'confidential_issue', 'close'],
      ['Confidential Issue Hook', 'confidential_issue', 'update'],
    ]);
    expect(open.received.some(({ body }) => String(body['event_type']).startsWith('confidential'))).toBe(false);
    expect(open.received).toHaveLength(6);
  });

  it('carry what changed, in whole seconds, with absolute images', () => {
    const [opened, updated] = receiver.received.map(({ body }) => body);
    if (opened === undefined || updated === undefined) throw new Error('two hooks');
    expect(String(attributesOf(opened)['description'])).toContain(`(${acme.gitlab.url}/-/project/1/uploads/`);
    expect(updated['changes']).toMatchObject({
      title: { previous: 'Told', current: 'Retold' },
      labels: { previous: [{ title: 'bug' }], current: [{ title: 'bug' }, { title: 'later' }] },
      updated_at: { previous: '2026-03-04 05:06:07 UTC', current: '2026-03-04 05:06:08 UTC' },
    });
    const moved = receiver.received.at(-1)?.body;
    expect(moved?.['changes']).toHaveProperty('moved_to_id');
  });

  it.each([
    ['issue', 'issue'],
    ['note', 'note_issue'],
  ])('of kind %s have no field that GitLab has not', (kind, file) => {
    const bodies = receiver.received.map(({ body }) => body).filter((body) => body['object_kind'] === kind);
    expect(bodies.length).toBeGreaterThan(0);
    const reality = recorded(`gitlab-webhooks/${file}.json`);
    if (reality === undefined) return;
    const ours = new Set(bodies.flatMap((body) => [...fieldPaths(body)]));
    expect(unexplained(ours, reality, reasons[file] ?? {})).toEqual([]);
  });

  it('and the answers about issues and notes have no field that GitLab has not', async () => {
    const { gitlab, project, nora, token } = acme;
    const milestone = gitlab.world.milestones.create(project, { title: 'R9' });
    const issue = gitlab.world.issues.create(project, { title: 'x', assignees: [nora], milestone });
    gitlab.world.issues.close(issue);
    gitlab.world.notes.create(issue, { body: 'x' });
    const [shown] = (await ask(gitlab, token, '/projects/1/issues')).rows();
    const [note] = (await ask(gitlab, token, `/projects/1/issues/${issue.iid}/notes`)).rows();
    const issues = recorded('gitlab-recordings/issues.jsonl');
    const notes = recorded('gitlab-recordings/merge_request_notes.jsonl');
    if (issues === undefined || notes === undefined) return;
    expect(unexplained(fieldPaths(shown), issues, newer)).toEqual([]);
    const inNotes = { ...newer, internal: 'since 14.x', project_id: 'since 15.x' };
    expect(unexplained(fieldPaths(note), notes, inNotes)).toEqual([]);
    const paid = ['weight', 'epic', 'epic_iid', 'iteration', 'health_status'];
    const missing = [...issues].filter(
      (path) => !path.includes('.') && !paid.includes(path) && !fieldPaths(shown).has(path),
    );
    expect(missing).toEqual([]);
  });

  it('can be tried with the test button', async () => {
    const hook = acme.project.hooks.get(1);
    const before = receiver.received.length;
    for (const trigger of ['issues_events', 'note_events']) {
      const answer = await ask(acme.gitlab, acme.token, `/projects/1/hooks/${hook?.id ?? 0}/test/${trigger}`, {
        method: 'POST',
      });
      expect(answer.status).toBe(201);
    }
    expect(receiver.received.slice(before).map(({ body }) => body['object_kind'])).toEqual(['issue', 'note']);
  });
});
