import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { gitFailure } from './git-failure.js';
import type { GitRemote } from './git-remote.js';
import { processSlots } from './process-slots.js';
import { runGit, type GitResult } from './run-git.js';

const questionTimeoutMs = 30_000;

/** Questions to remotes without a cache, for a test of the connection. */
export class GitProbe {
  private constructor(
    private readonly home: string,
    private readonly signal: AbortSignal,
  ) {}

  static async open(signal: AbortSignal): Promise<GitProbe> {
    return new GitProbe(await mkdtemp(join(tmpdir(), 'syncline-git-')), signal);
  }

  /** How many branches and tags there are. Throws what is wrong with the access. */
  async list(remote: GitRemote, certificate: string | undefined): Promise<number> {
    const args = ['ls-remote', '--quiet', '--refs', '--heads', '--tags', '--', remote.url];
    const trusted = await this.trusting(remote, certificate);
    const result = await this.run(args, trusted);
    if (result.code !== 0) throw gitFailure(trusted, result);
    return result.stdout.split('\n').filter((line) => line !== '').length;
  }

  /** Whether the server would take a push: a dry run that offers nothing asks for the right and changes nothing. */
  async mayPush(remote: GitRemote, certificate: string | undefined): Promise<void> {
    const trusted = await this.trusting(remote, certificate);
    const gitDir = join(this.home, 'probe.git');
    await this.run(['init', '--quiet', '--bare', gitDir], trusted);
    const nothing = ':refs/heads/syncline/no-such-branch';
    const result = await this.run(['push', '--dry-run', '--porcelain', '--', remote.url, nothing], trusted, gitDir);
    // Deleting what is not there is refused by git itself, after the server has let us in.
    if (result.code === 0 || /remote ref does not exist/i.test(result.stderr)) return;
    throw gitFailure(trusted, result);
  }

  async close(): Promise<void> {
    await rm(this.home, { recursive: true, force: true });
  }

  private async trusting(remote: GitRemote, certificate: string | undefined): Promise<GitRemote> {
    if (certificate === undefined) return remote;
    const caFile = join(this.home, 'ca.pem');
    await writeFile(caFile, `${[...rootCertificates, certificate].join('\n')}\n`);
    return { ...remote, caFile };
  }

  private run(args: readonly string[], remote: GitRemote, gitDir?: string): Promise<GitResult> {
    const call = { home: this.home, remotes: [remote], signal: this.signal, slots: processSlots };
    return runGit(args, { ...call, gitDir, timeoutMs: questionTimeoutMs });
  }
}
