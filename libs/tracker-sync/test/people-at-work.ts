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
  | { readonly do: 'deleteIssue'; readonly issue: number };

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
);

/** People of one project at work. Every text they write says which it is, so that it can be followed. */
export class People {
  private said = 0;

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
  act(deed: Deed): { key: string; field: string } | undefined {
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
    if ('comment' in deed) {
      const own = [...project.comments.values()].filter((comment) => this.members.includes(comment.author.username));
      const chosen = own[deed.comment % Math.max(1, own.length)];
      if (chosen === undefined) return undefined;
      if (deed.do === 'editComment') project.editComment(chosen.id, `${this.word()} edited`);
      else project.deleteComment(chosen.id);
      return undefined;
    }
    return this.actOn(deed, author);
  }

  private actOn(deed: IssueDeed, author: string): { key: string; field: string } | undefined {
    const { project } = this;
    const issue = this.issue(deed.issue);
    if (issue === undefined) return undefined;
    const { key } = issue;
    switch (deed.do) {
      case 'deleteIssue':
        project.deleteIssue(key);
        return undefined;
      case 'comment':
        project.addComment(
          author,
          key,
          `${this.word()}${nastiness[deed.nasty % nastiness.length] ?? ''}`,
          deed.internal,
        );
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
        const title = `R${deed.value % 3}`;
        const known =
          [...project.milestones.values()].find((milestone) => milestone.title === title) ??
          project.addMilestone(title);
        project.editIssue(key, { milestone: deed.value === 0 ? null : { key: known.key, title } });
        break;
      }
      case 'paragraph':
        this.editParagraph(issue, deed.at, `${this.word()}${nastiness[deed.nasty % nastiness.length] ?? ''}`);
        break;
    }
    return { key, field: deed.do === 'paragraph' ? `paragraph ${deed.at}` : deed.do };
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

const toggled = (names: readonly string[], name: string): string[] =>
  (names.includes(name) ? names.filter((known) => known !== name) : [...names, name]).sort();
