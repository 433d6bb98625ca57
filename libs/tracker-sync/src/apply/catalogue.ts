import type { LinkSide, MilestoneRef, TrackerLabel, TrackerMilestone } from '@syncline/connector-sdk';
import type { MilestoneValues } from '../baseline.js';
import type { MilestoneLink } from '../links.js';
import { originOf } from '../origin.js';
import { otherSide, type Flow } from '../policy.js';
import type { CommitQueue } from './commit-queue.js';
import type { EngineContext } from './context.js';
import type { PairLinks } from './pair-links.js';
import { milestoneValues, syncMilestone } from './sync-milestone.js';

type Sides<T> = Record<LinkSide, T>;

/** The labels and milestones of both sides; read when they are first needed, made when they are missing. */
export class Catalogue {
  private readonly labelLists: Sides<Promise<Map<string, TrackerLabel>> | undefined> = {
    left: undefined,
    right: undefined,
  };
  private readonly milestoneLists: Sides<Promise<TrackerMilestone[]> | undefined> = {
    left: undefined,
    right: undefined,
  };
  private readonly linked: Sides<Map<string, MilestoneRef>> = { left: new Map(), right: new Map() };
  private readonly making = new Map<string, Promise<unknown>>();
  private preparing: Promise<void> = Promise.resolve();

  constructor(
    private readonly context: EngineContext,
    private readonly links: PairLinks,
    private readonly commits: CommitQueue,
  ) {}

  private labels(side: LinkSide): Promise<Map<string, TrackerLabel>> {
    const read = async (): Promise<Map<string, TrackerLabel>> =>
      new Map((await this.context.trackers[side].labels()).map((label) => [label.name, label]));
    return (this.labelLists[side] ??= read());
  }

  /** Only one at a time makes a thing; the others find it made. */
  private async once<T>(what: string, make: () => Promise<T>): Promise<void> {
    const running = this.making.get(what) ?? make();
    this.making.set(what, running);
    try {
      await running;
    } finally {
      this.making.delete(what);
    }
  }

  /** Makes sure that an issue of this side can have these labels, with the colours they have on the other side. */
  async ensureLabels(side: LinkSide, names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    const here = await this.labels(side);
    for (const name of names) {
      if (here.has(name)) continue;
      const there = (await this.labels(otherSide(side))).get(name);
      const label = there ?? { name, color: '#6699cc', description: '' };
      await this.once(`label ${side} ${name}`, () => this.makeLabel(side, label, here));
    }
  }

  private async makeLabel(side: LinkSide, label: TrackerLabel, here: Map<string, TrackerLabel>): Promise<void> {
    const tracker = this.context.trackers[side];
    here.set(label.name, label);
    if (!(await tracker.capabilities()).createLabels) return;
    if (this.context.isPlan) {
      await this.context.plan({
        op: 'create',
        kind: 'label',
        side,
        title: label.name,
        reason: 'An issue that is copied has it.',
      });
    } else await tracker.createLabel({ ...label, description: label.description });
  }

  milestones(side: LinkSide): Promise<TrackerMilestone[]> {
    const read = async (): Promise<TrackerMilestone[]> => [...(await this.context.trackers[side].milestones())];
    return (this.milestoneLists[side] ??= read());
  }

  /** The other side's milestone; with an empty key one that has to be made. Call `prepare` first. */
  counterpart(from: LinkSide, milestone: MilestoneRef): MilestoneRef {
    return this.linked[from].get(milestone.key) ?? { key: '', title: milestone.title };
  }

  private note(from: LinkSide, here: MilestoneRef, there: MilestoneRef): void {
    this.linked[from].set(here.key, { key: there.key, title: there.title });
    this.linked[otherSide(from)].set(there.key, { key: here.key, title: here.title });
  }

  /** Finds the other side's milestones: by link, else by title. One after the other: two issues may name the same one. */
  prepare(side: LinkSide, milestones: readonly (MilestoneRef | null | undefined)[]): Promise<void> {
    const turn = this.preparing.then(() => this.pairUp(side, milestones));
    this.preparing = turn.catch(() => undefined);
    return turn;
  }

  private async pairUp(side: LinkSide, milestones: readonly (MilestoneRef | null | undefined)[]): Promise<void> {
    const other = otherSide(side);
    for (const milestone of milestones) {
      if (milestone === null || milestone === undefined || milestone.key === '') continue;
      if (this.linked[side].has(milestone.key)) continue;
      const [link] = await this.links.byKey('milestone', side, [milestone.key]);
      const ref = link?.state === 'active' ? link[other] : undefined;
      if (ref !== undefined) {
        this.note(side, milestone, { key: ref.key, title: ref.title ?? milestone.title });
        continue;
      }
      const [mine, same] = await Promise.all([this.milestones(side), this.milestones(other)]).then(([own, theirs]) => [
        own.find(({ key }) => key === milestone.key),
        theirs.find(({ title }) => title === milestone.title),
      ]);
      if (same === undefined || this.linked[other].has(same.key)) continue;
      if ((await this.links.byKey('milestone', other, [same.key])).some(({ state }) => state === 'active')) continue;
      this.note(side, milestone, same);
      if (mine !== undefined) this.link(side, mine, same);
    }
  }

  private link(side: LinkSide, here: TrackerMilestone, there: TrackerMilestone): void {
    if (this.context.isPlan) return;
    const { context } = this;
    const { trackers, session } = context;
    const other = otherSide(side);
    const ref = (at: LinkSide, { key, title }: MilestoneRef): MilestoneLink['left'] => {
      const { instanceId, projectId } = trackers[at].place;
      return { instanceId, projectId, key, title };
    };
    const values = { [side]: milestoneValues(here), [other]: milestoneValues(there) } as Sides<MilestoneValues>;
    const refs = { [side]: ref(side, here), [other]: ref(other, there) };
    const origin = originOf(session.hubId, trackers[side].place, `milestone ${here.key}`);
    this.commits.add({
      links: [
        {
          id: context.newId(),
          kind: 'milestone',
          state: 'active',
          origin,
          originSide: side,
          ...refs,
          baseline: values,
        },
      ],
    });
  }

  /** The key to write for a milestone of this side, which is made where it is missing; undefined: it cannot be. */
  async keyFor(side: LinkSide, milestone: MilestoneRef): Promise<string | undefined> {
    if (milestone.key !== '') return milestone.key;
    const find = async (): Promise<string | undefined> =>
      (await this.milestones(side)).find(({ title }) => title === milestone.title)?.key;
    let known = await find();
    if (known !== undefined && (await this.giveUpTitle(side, known))) known = await find();
    if (known !== undefined) return known;
    const { milestones } = await this.context.trackers[side].capabilities();
    if (!milestones) return undefined;
    const source = (await this.milestones(otherSide(side))).find(({ title }) => title === milestone.title);
    await this.once(`milestone ${side} ${milestone.title}`, () => this.makeMilestone(side, milestone.title, source));
    return find();
  }

  /** A milestone that stands for another one which people have renamed takes its new title, and leaves the old one to a new milestone. */
  private async giveUpTitle(side: LinkSide, key: string): Promise<boolean> {
    const flow = this.context.policy.fields.milestone;
    if (flow === undefined || this.context.isPlan) return false;
    const links = await this.links.byKey('milestone', side, [key]);
    const link = links.find(({ state }) => state === 'active');
    if (link === undefined) return false;
    await this.once(`milestone ${link.id}`, () => this.syncMilestone(link, flow));
    return true;
  }

  private async makeMilestone(side: LinkSide, title: string, source: TrackerMilestone | undefined): Promise<void> {
    const { context } = this;
    const list = await this.milestones(side);
    const blank: MilestoneValues = { title, description: '', state: 'active', startDate: null, dueDate: null };
    const wanted = source === undefined ? blank : milestoneValues(source);
    if (context.isPlan) {
      await context.plan({ op: 'create', kind: 'milestone', side, title, reason: 'An issue that is copied is in it.' });
      list.push({ ...wanted, key: `new ${title}`, writable: true });
      return;
    }
    const made = await context.trackers[side].createMilestone(wanted);
    list.push(made);
    if (source === undefined) return;
    this.note(side, made, source);
    this.link(otherSide(side), source, made);
  }

  /** What a full pass finds: renamed milestones, other dates, other states. */
  async syncMilestones(): Promise<void> {
    const { context } = this;
    const flow = context.policy.fields.milestone;
    if (flow === undefined) return;
    for (let after: string | undefined; ;) {
      const links = await this.links.page('milestone', after, 100);
      if (links.length === 0) return;
      for (const link of links) if (link.state === 'active') await this.syncMilestone(link, flow);
      after = links.at(-1)?.id;
    }
  }

  private async syncMilestone(link: MilestoneLink, flow: Flow): Promise<void> {
    const lists = { left: await this.milestones('left'), right: await this.milestones('right') };
    const left = lists.left.find(({ key }) => key === link.left?.key);
    const right = lists.right.find(({ key }) => key === link.right?.key);
    if (left === undefined || right === undefined) return;
    const begin = async (begun: MilestoneLink): Promise<void> => {
      this.commits.add({ links: [begun] });
      await this.commits.drain();
    };
    const { milestones, link: next, history } = await syncMilestone(this.context, link, { left, right }, flow, begin);
    lists.left.splice(lists.left.indexOf(left), 1, milestones.left);
    lists.right.splice(lists.right.indexOf(right), 1, milestones.right);
    if (next !== undefined) this.commits.add({ links: [next], history });
  }
}
