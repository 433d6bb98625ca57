import type { TrackerMilestone } from '@syncline/connector-sdk';
import type { MemoryProject, StoredIssue } from '@syncline/connector-testing';
import fc from 'fast-check';
import { readFrame } from '../src/index.js';

/** Something a person does in one project; numbers choose among what is there. */
export type Deed =
  | { readonly do: 'create'; readonly paragraphs: number; readonly closed: boolean; readonly confidential: boolean }
  | {
      readonly do: 'title' | 'state' | 'dueDate' | 'weight' | 'label' | 'assignee' | 'milestone';
      readonly issue: number;
      readonly value: number;
    }
  | { readonly do: 'paragraph'; readonly issue: number; readonly at: number; readonly nasty: number }
  | { readonly do: 'comment'; readonly issue: number; readonly nasty: number; readonly internal: boolean }
  | { readonly do: 'editComment' | 'deleteComment'; readonly comment: number }
  | { readonly do: 'deleteIssue'; readonly issue: number }
  /** No issue shows that it looks different now: only a full pass sees it. */
  | { readonly do: 'renameLabel' | 'renameMilestone' | 'moveMilestone'; readonly chosen: number };

type IssueDeed = Extract<Deed, { issue: number }>;

const number = fc.nat({ max: 50 });
const nastiness = [
  '',
  ' by @sam',
  '\n/close',
  ' see #1 and #2',
  ' `code @sam`',
  ' !3',
  '\n```\n/close\n```',
  ' @nora',
  '\n> quote',
];

export const fieldDeed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({
    do: fc.constantFrom(
      'title' as const,
      'state' as const,
      'dueDate' as const,
      'weight' as const,
      'label' as const,
      'assignee' as const,
      'milestone' as const,
    ),
    issue: number,
    value: fc.nat({ max: 4 }),
  }),
  fc.record({ do: fc.constant('paragraph' as const), issue: number, at: fc.nat({ max: 3 }), nasty: number }),
);

export const anyDeed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('create' as const),
      paragraphs: fc.nat({ max: 3 }),
      closed: fc.boolean(),
      confidential: fc.boolean(),
    }),
  },
  { weight: 6, arbitrary: fieldDeed },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('comment' as const), issue: number, nasty: number, internal: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('editComment' as const, 'deleteComment' as const), comment: number }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deleteIssue' as const), issue: number }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('renameLabel' as const, 'renameMilestone' as const, 'moveMilestone' as const),
      chosen: number,
    }),
  },
);

/** What somebody did to a field of an issue, and what it was then. */
export interface Done {
  readonly key: string;
  readonly field: string;
}

/** People of one project at work. Every text they write says which it is, so that it can be followed. */
export class People {
  private said = 0;
  private readonly titles = new Set<string>();
  /** Keys of milestones that got another title, or another day. */
  readonly renamed = new Set<string>();
  readonly moved = new Set<string>();
  /** The last words of each comment that was not deleted, by its id. */
  readonly comments = new Map<string, string>();

  constructor(
    readonly project: MemoryProject,
    private readonly name: string,
    private readonly members: readonly string[],
  ) {}

  private word(): string {
    this.said += 1;
    return `${this.name}${this.said}`;
  }

  private issue(choice: number): StoredIssue | undefined {
    const issues = [...this.project.issues.values()];
    return issues[choice % Math.max(1, issues.length)];
  }

  /** Returns what was changed: `issue key`, `field`; undefined where there was nothing to do. */
  act(deed: Deed): Done | undefined {
    const { project } = this;
    const [author = ''] = this.members;
    if (deed.do === 'create') {
      const text = Array.from({ length: deed.paragraphs }, () => this.word()).join('\n\n');
      project.addIssue(author, {
        title: this.word(),
        description: text,
        state: deed.closed ? 'closed' : 'opened',
        confidential: deed.confidential,
      });
      return undefined;
    }
    if ('chosen' in deed) {
      this.change(deed);
      return undefined;
    }
    if ('comment' in deed) {
      const own = [...project.comments.values()].filter((comment) => this.members.includes(comment.author.username));
      const chosen = own[deed.comment % Math.max(1, own.length)];
      if (chosen === undefined) return undefined;
      if (deed.do === 'editComment') {
        const word = this.word();
        project.editComment(chosen.id, `${word} edited`);
        this.comments.set(chosen.id, word);
      } else {
        project.deleteComment(chosen.id);
        this.comments.delete(chosen.id);
      }
      return undefined;
    }
    return this.actOn(deed, author);
  }

  private actOn(deed: IssueDeed, author: string): Done | undefined {
    const { project } = this;
    const issue = this.issue(deed.issue);
    if (issue === undefined) return undefined;
    const { key } = issue;
    switch (deed.do) {
      case 'deleteIssue':
        for (const { id } of project.commentsOf(key)) this.comments.delete(id);
        project.deleteIssue(key);
        return undefined;
      case 'comment':
        this.comment(author, key, nastiness[deed.nasty % nastiness.length] ?? '', deed.internal);
        return undefined;
      case 'title':
        project.editIssue(key, { title: this.word() });
        break;
      case 'state':
        project.editIssue(key, { state: issue.state === 'opened' ? 'closed' : 'opened' });
        break;
      case 'dueDate':
        project.editIssue(key, { dueDate: deed.value === 0 ? null : `2026-0${deed.value}-01` });
        break;
      case 'weight':
        project.editIssue(key, { weight: deed.value === 0 ? null : deed.value });
        break;
      case 'label': {
        const label = `label ${deed.value}`;
        project.addLabel(label);
        project.editIssue(key, { labels: toggled(issue.labels, label) });
        break;
      }
      case 'assignee':
        project.editIssue(key, {
          assignees: toggled(issue.assignees, this.members[deed.value % this.members.length] ?? ''),
        });
        break;
      case 'milestone': {
        const known = this.milestone(`R${deed.value % 3}`);
        project.editIssue(key, { milestone: deed.value === 0 ? null : { key: known.key, title: known.title } });
        break;
      }
      case 'paragraph':
        this.editParagraph(issue, deed.at, `${this.word()}${nastiness[deed.nasty % nastiness.length] ?? ''}`);
        break;
    }
    return { key, field: deed.do === 'paragraph' ? `paragraph ${deed.at}` : deed.do };
  }

  private comment(author: string, key: string, more: string, internal: boolean): void {
    const word = this.word();
    const { id } = this.project.addComment(author, key, `${word}${more}`, internal);
    this.comments.set(id, word);
  }

  /** One that was renamed is found again by nobody, and another of its old name is not made. */
  private milestone(title: string): TrackerMilestone {
    const milestones = [...this.project.milestones.values()];
    const known = milestones.find((milestone) => milestone.title === title);
    if (known !== undefined || this.titles.has(title))
      return known ?? milestones[0] ?? this.project.addMilestone(title);
    this.titles.add(title);
    return this.project.addMilestone(title);
  }

  /** Renames labels and milestones and moves milestones, as their own pages do: the issues in them are not touched. */
  private change(deed: Extract<Deed, { chosen: number }>): void {
    const { labels, milestones, issues } = this.project;
    if (deed.do === 'renameLabel') {
      const label = chosenOf([...labels.values()], deed.chosen);
      if (label === undefined) return;
      const name = `label ${this.word()}`;
      labels.delete(label.name);
      labels.set(name, { ...label, name });
      for (const [key, issue] of issues) {
        const renamed = issue.labels.map((each) => (each === label.name ? name : each)).sort();
        issues.set(key, { ...issue, labels: renamed });
      }
      return;
    }
    const milestone = chosenOf([...milestones.values()], deed.chosen);
    if (milestone === undefined) return;
    const { key } = milestone;
    if (deed.do === 'moveMilestone') {
      this.moved.add(key);
      milestones.set(key, { ...milestone, dueDate: `2026-0${(deed.chosen % 9) + 1}-15` });
      return;
    }
    this.renamed.add(key);
    const title = `R ${this.word()}`;
    milestones.set(key, { ...milestone, title });
    for (const [issueKey, issue] of issues) {
      if (issue.milestone?.key === key) issues.set(issueKey, { ...issue, milestone: { key, title } });
    }
  }

  /** Replaces a paragraph, or adds one at the end of a text that is shorter; around a footer if there is one. */
  private editParagraph(issue: StoredIssue, at: number, text: string): void {
    const { body } = readFrame(issue.description);
    const paragraphs = body === '' ? [] : body.split(/\n\n(?!\n)/);
    const next =
      at < paragraphs.length
        ? paragraphs.map((paragraph, index) => (index === at ? text : paragraph))
        : [...paragraphs, text];
    const description =
      body === ''
        ? `${next.join('\n\n')}\n\n${issue.description}`.trim()
        : issue.description.replace(body, () => next.join('\n\n'));
    this.project.editIssue(issue.key, { description });
  }
}

const chosenOf = <T>(items: readonly T[], choice: number): T | undefined => items[choice % Math.max(1, items.length)];

const toggled = (names: readonly string[], name: string): string[] =>
  (names.includes(name) ? names.filter((known) => known !== name) : [...names, name]).sort();
