import type { Issue, LinkSide } from '@syncline/connector-sdk';
import type { IssueLink } from '../links.js';
import { otherSide } from '../policy.js';
import { createCopy, type Draft } from './create-copy.js';
import { eachLimited } from './each-limited.js';
import type { Engine } from './engine.js';
import { mayHaveHappened } from './lost-answer.js';
import { syncComments } from './sync-comments.js';

/** Claims all, then makes them, several at a time. What a run that fails has not begun is given back. */
export async function makeCopies(engine: Engine, side: LinkSide, drafts: readonly Draft[]): Promise<void> {
  if (drafts.length === 0) return;
  if (engine.context.isPlan) return planCopies(engine, side, drafts);
  const begun = new Map<string, Promise<{ link: IssueLink; copy: Issue }>>();
  const refused = await engine.commits.claim(drafts.map(({ link }) => link));
  const untouched = new Set(drafts.map(({ link }) => link.id).filter((id) => !refused.has(id)));
  const work = async (draft: Draft): Promise<void> => {
    const { issue, link } = draft;
    untouched.delete(link.id);
    if (refused.has(link.id)) {
      return engine.skip(side, issue, 'It has a copy there already, kept by another connection of this hub.');
    }
    await engine.attempt({ side, key: issue.key }, async () => {
      // One that its text names and that is on its way is waited for, which saves a second write. Each waits for those
      // that were begun before it alone.
      const named = (link.baseline?.awaits ?? []).flatMap((key) => begun.get(key) ?? []);
      const making = Promise.allSettled(named).then(() => makeCopy(engine, side, draft));
      begun.set(issue.key, making);
      const made = await making;
      await commentsOfNew(engine, side, issue, made.link, made.copy);
    });
  };
  try {
    await eachLimited(drafts, engine.context.concurrency, work);
  } catch (error) {
    // Nothing was sent for them: the next run need not look for what was never asked. A run that may write no more
    // leaves them to it all the same, and fails for its own reason.
    await engine.links.release([...untouched]).catch(() => undefined);
    throw error;
  }
}

async function planCopies(engine: Engine, side: LinkSide, drafts: readonly Draft[]): Promise<void> {
  const to = otherSide(side);
  const { createsClosed } = await engine.tracker(to).capabilities();
  for (const { link, issue, values } of drafts) {
    const ref = link[side];
    const item = { kind: 'issue', side: to, title: issue.title, ...(ref !== undefined && { ref }) } as const;
    await engine.plan({ ...item, op: 'create', reason: 'It has no copy on the other side yet.' });
    if (values.state === 'closed' && !createsClosed)
      await engine.plan({ ...item, op: 'close', reason: 'It is closed, and a copy is open when it is made.' });
    await commentsOfNew(engine, side, issue, link, undefined);
  }
}

async function commentsOfNew(
  engine: Engine,
  side: LinkSide,
  issue: Issue,
  link: IssueLink,
  copy: Issue | undefined,
): Promise<void> {
  const issues = { [side]: issue, ...(copy !== undefined && { [otherSide(side)]: copy }) };
  const of = { link, issues, before: link.baseline, known: [], news: { [side]: issue }, full: false, isNew: true };
  await syncComments(engine, of, {});
}

/** A claim is given back when its request was certainly not carried out. */
async function makeCopy(engine: Engine, side: LinkSide, draft: Draft): Promise<{ link: IssueLink; copy: Issue }> {
  const sent: IssueLink[] = [];
  try {
    return await createCopy(engine, side, draft, () => void sent.push(draft.link));
  } catch (error) {
    if (sent.length === 0 || !mayHaveHappened(error)) {
      await engine.commits.drain();
      await engine.links.release([draft.link.id]);
    }
    throw error;
  }
}
