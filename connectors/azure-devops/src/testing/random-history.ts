import type { AzureDevOpsConfig } from '../config.js';
import type { CodeWorld } from './code-world.js';
import type { BareRepository, MemoryHost } from '@syncline/connector-testing';

/** One sequence of changes on both sides, the same for the same seed, with what a sync made of it. */
export class RandomHistory {
  /** Commits made in Azure DevOps that a sync has taken away. */
  readonly lost: string[] = [];
  /** Refs that should be the same on both sides and are not. */
  readonly unequal: string[] = [];
  private readonly theirs = new Set<string>();
  private readonly touched = new Set<string>();
  private readonly host: MemoryHost<AzureDevOpsConfig>;
  private state: number;

  constructor(
    private readonly world: CodeWorld,
    seed: number,
  ) {
    this.state = seed * 7919;
    const lenient = seed % 2 === 0;
    this.host = world.host(lenient ? { divergence: 'force-with-lease', deletions: 'mirror' } : {});
    this.isMirror = lenient;
  }

  private readonly isMirror: boolean;

  async play(): Promise<void> {
    const { left, right } = this.world;
    for (const side of [left, right]) for (const ref of (await side.refs()).keys()) await side.setRef(ref, undefined);
    await left.commit('main', 2);
    await this.sync();
    for (let round = 0; round < 3; round += 1) {
      for (let change = 0; change < 3; change += 1) await this.change(left, false);
      if (this.pick(2) === 0) await this.change(right, true);
      await this.sync();
    }
  }

  private async change(side: BareRepository, isTheirs: boolean): Promise<void> {
    const branch = ['main', 'a', 'b/c', 'b/d'][this.pick(4)] ?? 'main';
    const ref = `refs/heads/${branch}`;
    const tag = `v${this.pick(3)}`;
    const exists = (await side.ref(ref)) !== undefined;
    const note = (name: string): void => {
      if (isTheirs) this.touched.add(name);
    };
    switch (this.pick(isTheirs ? 3 : 6)) {
      case 0:
      case 1: {
        const shas = await side.commit(branch, 1 + this.pick(2), exists ? {} : { from: 'refs/heads/main' });
        if (isTheirs) for (const sha of shas) this.theirs.add(sha);
        note(ref);
        break;
      }
      case 2:
        if (exists && branch !== 'main') {
          // What a person takes away is not lost by us.
          if (isTheirs) await this.forget(side, ref);
          await side.setRef(ref, undefined);
          note(ref);
        }
        break;
      case 3:
        if (exists && (await side.ref(`${ref}~1`)) !== undefined) await side.commit(branch, 1, { from: `${ref}~1` });
        break;
      case 4:
        await side.tag(tag, 'main', this.pick(2) === 0 ? {} : { message: `tag ${this.state}` });
        break;
      default:
        await side.setRef(
          `refs/tags/${tag}`,
          (await side.ref(`refs/tags/${tag}`)) === undefined ? await side.ref('refs/heads/main') : undefined,
        );
    }
  }

  private async forget(side: BareRepository, ref: string): Promise<void> {
    const text = await side.git(['rev-list', ref]);
    for (const sha of text.split('\n')) this.theirs.delete(sha);
  }

  private async sync(): Promise<void> {
    const { right, left } = this.world;
    const before = await right.refs();
    const outcome = await this.world.sync(this.host);
    if (outcome.error !== undefined) throw outcome.error;
    const after = await right.refs();
    for (const [ref, sha] of before) {
      if (after.get(ref) === sha) continue;
      const kept = [...after.values()].map((one) => `^${one}\n`).join('');
      const gone = (await right.git(['rev-list', '--stdin'], `${sha}\n${kept}`)).split('\n');
      this.lost.push(...gone.filter((one) => this.theirs.has(one)).map((one) => `${ref} ${one}`));
    }
    if (!this.isMirror) return;
    const wanted = await left.refs();
    for (const ref of new Set([...wanted.keys(), ...after.keys()])) {
      const [ours, there] = [wanted.get(ref), after.get(ref)];
      if (ours === there || this.touched.has(ref)) continue;
      // The default branch is never deleted.
      if (ours === undefined && ref === this.world.repository.defaultBranch) continue;
      this.unequal.push(`${ref} ${ours} ${there}`);
    }
  }

  private pick(most: number): number {
    this.state = (this.state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((this.state / 2_147_483_648) * most);
  }
}
