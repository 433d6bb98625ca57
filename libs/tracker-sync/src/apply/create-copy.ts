import { ConnectorError, type Issue, type LinkSide, type NewIssue } from '@syncline/connector-sdk';
import type { IssueBaseline } from '../baseline.js';
import type { IssueLink } from '../links.js';
import { flowsTo, otherSide } from '../policy.js';
import { nextBaseline, type Reconciled, type Rules } from '../reconcile/index.js';
import { guardText, renderText, unlinkedIssues } from '../text/index.js';
import type { IssueValues } from '../values.js';
import type { Engine } from './engine.js';
import { describe, fitting, writable } from './write-issue.js';

/** A copy that is about to be made. */
export interface Draft {
  readonly link: IssueLink;
  readonly issue: Issue;
  /** The copy, in its side's words. */
  readonly values: IssueValues;
  readonly rules: Rules;
  /** The key of the milestone it goes to. */
  readonly milestoneKey?: string;
}

const blank: Omit<IssueValues, 'title' | 'description'> = {
  state: 'opened',
  labels: [],
  assignees: [],
  milestone: null,
  dueDate: null,
  confidential: false,
  weight: null,
};

/** What the copy starts with: the fields that flow there, in its side's words. */
function valuesThere(engine: Engine, here: IssueValues, from: LinkSide, rules: Rules): IssueValues {
  const { fields } = engine.context.policy;
  const { translation } = rules;
  const flows = (field: keyof IssueValues): boolean => flowsTo(fields[field], otherSide(from));
  const assignees = here.assignees.map((name) => translation.user(from, name)).filter((name) => name !== undefined);
  return {
    ...blank,
    title: here.title,
    description: guardText(renderText(here.description, undefined, translation.text(from))),
    confidential: here.confidential,
    ...(flows('state') && { state: here.state }),
    ...(flows('labels') && { labels: here.labels }),
    ...(flows('assignees') && { assignees: [...new Set(assignees)].sort() }),
    ...(flows('milestone') && here.milestone !== null && { milestone: translation.milestone(from, here.milestone) }),
    ...(flows('dueDate') && { dueDate: here.dueDate }),
    ...(flows('weight') && { weight: here.weight }),
  };
}

/** The agreement of all fields on what each side has. */
function agreement(rules: Rules, to: LinkSide, wanted: Partial<IssueValues>): Reconciled {
  const names = [...new Set([...Object.keys(rules.policy.fields), 'confidential'])] as (keyof IssueValues)[];
  const write = { left: {}, right: {}, [to]: wanted } as Reconciled['write'];
  return { write, decisions: names.map((field) => ({ field })) };
}

/** Prepares a copy: everything it names is there, and the claim for it can be stored. */
export async function draftCopy(engine: Engine, from: LinkSide, issue: Issue, link: IssueLink): Promise<Draft> {
  const to = otherSide(from);
  const here = engine.values(link, from, issue);
  const texts = { left: [], right: [], [from]: [here.description] };
  await engine.names.prepare(texts);
  await engine.uploads.copyAll(from, here.description, issue.key);
  await engine.people.prepare(from, here.assignees);
  await engine.catalogue.prepare(from, [here.milestone]);
  const rules = engine.rules(link.originSide);
  const values = valuesThere(engine, here, from, rules);
  if (flowsTo(engine.context.policy.fields.assignees, to)) engine.people.warnUnmapped(from, here.assignees);
  const sides = { [from]: { values: here, version: issue.version }, [to]: { values, version: '' } } as Record<
    LinkSide,
    { values: IssueValues; version: string }
  >;
  const awaits = unlinkedIssues(here.description, rules.translation.text(from));
  const baseline = nextBaseline(undefined, agreement(rules, to, {}), sides, rules, awaits);
  const wanted = await writable(engine, to, values);
  if (wanted.labels !== undefined) await engine.catalogue.ensureLabels(to, wanted.labels);
  const { milestone } = wanted;
  const milestoneKey =
    milestone === undefined || milestone === null ? undefined : await engine.catalogue.keyFor(to, milestone);
  const draft = { link: { ...link, baseline }, issue, values, rules };
  return milestoneKey === undefined ? draft : { ...draft, milestoneKey };
}

/**
 * The draft with what was copied since it was prepared: its text names those at once and needs no second write. Only an
 * issue that is copied later than its text, or at the same moment, has no name yet.
 */
function withNewNames(engine: Engine, from: LinkSide, draft: Draft): Draft {
  const { link, issue, values, rules } = draft;
  const awaited = link.baseline?.awaits ?? [];
  if (link.baseline === undefined || awaited.length === 0) return draft;
  const { description } = engine.values(link, from, issue);
  const text = rules.translation.text(from);
  const awaits = unlinkedIssues(description, text);
  if (awaits.length === awaited.length) return draft;
  return {
    ...draft,
    link: { ...link, baseline: { ...link.baseline, awaits } },
    values: { ...values, description: guardText(renderText(description, undefined, text)) },
  };
}

/** Makes a claimed copy and stores the link. `onSend`: from now on it may exist. */
export async function createCopy(
  engine: Engine,
  from: LinkSide,
  prepared: Draft,
  onSend: () => void,
): Promise<{ link: IssueLink; copy: Issue }> {
  const to = otherSide(from);
  const tracker = engine.tracker(to);
  const capabilities = await tracker.capabilities();
  const draft = withNewNames(engine, from, prepared);
  const { link, issue, values } = draft;
  const descriptions = { left: '', right: '', [from]: issue.description };
  const description = describe(engine, link, to, values.description, descriptions);
  if (description.length > capabilities.maxDescriptionLength) {
    const limit = capabilities.maxDescriptionLength;
    throw new ConnectorError(
      'permanent',
      `Its description has ${description.length} characters; the other side takes ${limit}.`,
    );
  }
  const wanted = await writable(engine, to, { ...values, description });
  if (values.confidential && wanted.confidential !== true) {
    throw new ConnectorError('permanent', 'It is confidential, and the other side has no confidential issues.');
  }
  const { milestone: _milestone, state, ...rest } = wanted;
  const title = await fitting(engine, to, values.title);
  const request: NewIssue = {
    ...rest,
    title,
    description,
    ...(draft.milestoneKey !== undefined && { milestone: draft.milestoneKey }),
    ...(state === 'closed' && capabilities.createsClosed && { state }),
  };
  onSend();
  const created = await tracker.create(request);
  engine.stored += 1;
  const copy = await closeIfClosed(engine, to, draft, created);
  return { link: confirm(engine, from, draft, copy, 'It had no copy on the other side yet.'), copy };
}

/** A copy everybody can read of what they must not: it is emptied, and not made again. */
async function emptyExposed(
  engine: Engine,
  to: LinkSide,
  link: IssueLink,
  issue: Issue,
  created: Issue,
): Promise<never> {
  const { intent: _intent, ...kept } = link;
  const reason = `The other side did not keep it confidential; its copy ${created.url} was emptied. Give the account a role that may set it.`;
  const ref = { ...engine.ref(to, created), title: '' };
  const history = [{ action: 'severed' as const, linkId: link.id, side: to, reason }];
  engine.commits.add({ links: [{ ...kept, state: 'gone', [to]: ref }], history });
  await engine.tracker(to).update(created.key, { title: 'Confidential', description: '' });
  throw new ConnectorError('permanent', `${issue.url}: ${reason}`);
}

/** A tracker that only makes open issues is told to close them; should that fail, the next look finds the difference. */
async function closeIfClosed(
  engine: Engine,
  to: LinkSide,
  { link, values, issue }: Draft,
  created: Issue,
): Promise<Issue> {
  if (values.confidential && !created.confidential) await emptyExposed(engine, to, link, issue, created);
  if (values.state !== 'closed' || created.state === 'closed') return created;
  // Durable before the second write, so that a failure of it cannot make a second copy.
  confirm(
    engine,
    otherSide(to),
    { link, values: { ...values, state: 'opened' }, issue, rules: engine.rules(link.originSide) },
    created,
  );
  const { current } = await engine.tracker(to).update(created.key, { state: 'closed' });
  return current;
}

/** The copy exists: both sides have their bases. */
export function confirm(engine: Engine, from: LinkSide, draft: Draft, copy: Issue, reason?: string): IssueLink {
  const to = otherSide(from);
  const { link, issue, values, rules } = draft;
  const { intent: _intent, ...kept } = link;
  const linked: IssueLink = { ...kept, state: 'active', [from]: engine.ref(from, issue), [to]: engine.ref(to, copy) };
  const here = engine.values(linked, from, issue);
  const there = engine.values(linked, to, copy);
  const now = {
    // A copy that is not closed yet is behind: the base says that the original was open.
    [from]: {
      values: values.state === here.state || there.state === here.state ? here : { ...here, state: there.state },
      version: issue.version,
    },
    [to]: { values: there, version: copy.version },
  } as Record<LinkSide, { values: IssueValues; version: string }>;
  const baseline: IssueBaseline = nextBaseline(
    undefined,
    agreement(rules, to, values),
    now,
    rules,
    link.baseline?.awaits,
  );
  const behind = values.state !== here.state && there.state !== here.state;
  const trusted = behind ? { ...baseline, [from]: { ...baseline[from], version: '' } } : baseline;
  const counted = { ...trusted, [to]: { ...trusted[to], commentCount: copy.commentCount ?? 0 } };
  const next: IssueLink = { ...linked, baseline: counted };
  // Its comments come next; until they are there, the original has to be looked at again.
  const unfinished = { ...counted, [from]: { ...counted[from], version: '' } };
  engine.commits.add({
    links: [{ ...next, baseline: unfinished }],
    ...(reason !== undefined && { history: [{ action: 'created', linkId: next.id, side: to, reason }] }),
  });
  engine.names.note('issue', next.left?.key ?? '', next.right?.key ?? '');
  return next;
}
