import type { HookFlag } from '../../model/hook.js';
import type { User } from '../../model/people.js';
import type { Project } from '../../model/project.js';
import type { WorldEvent } from '../../world/world-event.js';
import type { Issue } from '../model/issue.js';

/** What the test button of a hook sends about issues, or undefined where there is nothing of that kind. */
export function issueSample(project: Project, trigger: HookFlag, user: User): WorldEvent | undefined {
  const newest = (matches: (issue: Issue) => boolean): Issue | undefined =>
    [...project.issues.byIid.values()].reverse().find(matches);
  if (trigger === 'issues_events' || trigger === 'confidential_issues_events') {
    const issue = newest((each) => each.confidential === (trigger === 'confidential_issues_events'));
    return issue === undefined ? undefined : { kind: 'issue', project, user, action: 'update', issue, changes: {} };
  }
  if (trigger !== 'note_events') return undefined;
  const note = newest((each) => each.notes.some(({ system }) => !system))?.notes.findLast(({ system }) => !system);
  return note === undefined ? undefined : { kind: 'note', project, user, action: 'create', note };
}
