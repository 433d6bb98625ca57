import type { MemoryProject, StoredIssue } from '@syncline/connector-testing';
import { readFrame } from '../src/index.js';
import type { IssueValues } from '../src/values.js';

type Value = string | number | boolean | null;

/** One value per thing that can be edited on its own. */
function thingsOf(issue: StoredIssue): ReadonlyMap<string, Value> {
  return new Map<string, Value>([
    ['title', issue.title],
    ['state', issue.state],
    ['dueDate', issue.dueDate],
    ['weight', issue.weight],
    ['milestone', issue.milestone?.key ?? null],
    ['description', readFrame(issue.description).body],
    ...issue.labels.map((name) => [`label ${name}`, true] as const),
    ...issue.assignees.map((name) => [`assignee ${name}`, true] as const),
  ]);
}

/** What the engine has recorded of an issue, field by field. */
export type Recorded = (key: string) => Partial<IssueValues>;

/**
 * What people of one project changed, by issue and thing: the last value they gave it. A value that is put back to what
 * the engine has recorded is no change to it.
 */
export class Journal {
  private readonly written = new Map<string, Map<string, Value>>();

  constructor(
    private readonly project: MemoryProject,
    private readonly recorded: Recorded = () => ({}),
  ) {}

  /** Notes what the work changes in issues that were there before. */
  during<T>(work: () => T): T {
    const before = new Map([...this.project.issues].map(([key, issue]) => [key, thingsOf(issue)]));
    const result = work();
    for (const [key, was] of before) {
      const issue = this.project.issues.get(key);
      if (issue !== undefined) this.note(key, was, thingsOf(issue));
    }
    return result;
  }

  /** Everything that people changed in an issue. */
  of(key: string): ReadonlyMap<string, Value> {
    return this.written.get(key) ?? new Map<string, Value>();
  }

  /** What a thing of an issue is now, in the journal's words. */
  now(key: string, thing: string): Value {
    const issue = this.project.issues.get(key);
    const value = issue === undefined ? undefined : thingsOf(issue).get(thing);
    return value ?? (/^(?:label|assignee) /.test(thing) ? false : null);
  }

  private note(key: string, was: ReadonlyMap<string, Value>, is: ReadonlyMap<string, Value>): void {
    for (const thing of new Set([...was.keys(), ...is.keys()])) {
      if (was.get(thing) === is.get(thing)) continue;
      const written = this.written.get(key) ?? new Map<string, Value>();
      this.written.set(key, written);
      const value = this.now(key, thing);
      if (isRecorded(this.recorded(key), thing, value)) written.delete(thing);
      else written.set(thing, value);
    }
  }
}

function isRecorded(values: Partial<IssueValues>, thing: string, value: Value): boolean {
  const [, set, name = ''] = /^(label|assignee) (.*)$/.exec(thing) ?? [];
  if (set === 'label') return values.labels?.includes(name) === value;
  if (set === 'assignee') return values.assignees?.includes(name) === value;
  if (thing === 'milestone') return values.milestone !== undefined && (values.milestone?.key ?? null) === value;
  if (thing === 'state' || thing === 'dueDate' || thing === 'weight') return values[thing] === value;
  return false;
}
