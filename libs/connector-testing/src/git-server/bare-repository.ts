import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { plainHistory, writeHistory, type NewGitCommit } from './fast-import.js';
import { runGit } from './git-command.js';
import { LfsStore } from './lfs-store.js';

/** What stands for "no object" in git's protocols. */
export const zeroSha = '0'.repeat(40);

export interface TagOptions {
  /** An annotated tag with this message; without one the tag is the commit itself. */
  readonly message?: string;
}

/**
 * A bare repository on disk, as a server keeps it. Everything here acts on the server's side, past all policies, the way
 * a person in the web interface does; clients come over HTTP.
 */
export class BareRepository {
  private constructor(readonly path: string) {}

  static async create(path: string, defaultBranch = 'main'): Promise<BareRepository> {
    await runGit(['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`, path]);
    const repository = new BareRepository(path);
    const settings = {
      'http.receivepack': 'true',
      'core.logallrefupdates': 'false',
      'receive.denydeletecurrent': 'ignore',
      'receive.autogc': 'false',
      'gc.auto': '0',
      'uploadpack.allowfilter': 'true',
      'uploadpack.allowreachablesha1inwant': 'true',
    };
    for (const [name, value] of Object.entries(settings)) await repository.git(['config', name, value]);
    return repository;
  }

  get root(): string {
    return dirname(this.path);
  }

  get name(): string {
    return basename(this.path);
  }

  /** The large files this server keeps for the repository. */
  get lfs(): LfsStore {
    return new LfsStore(this.path);
  }

  git(args: readonly string[], input?: string | Buffer): Promise<string> {
    return runGit(args, { gitDir: this.path, input });
  }

  /** Sha by full name; of an annotated tag the tag object's own. */
  async refs(prefix = 'refs/'): Promise<ReadonlyMap<string, string>> {
    const text = await this.git(['for-each-ref', '--format=%(objectname) %(refname)', prefix.replace(/\/$/, '')]);
    const lines = text.split('\n').filter((line) => line !== '');
    return new Map(lines.map((line) => [line.slice(41), line.slice(0, 40)]));
  }

  /** The sha of a full ref name, or undefined. */
  async ref(name: string): Promise<string | undefined> {
    return (
      (await this.git(['rev-parse', '--quiet', '--verify', `${name}^{object}`]).catch(() => '')).trim() || undefined
    );
  }

  async isEmpty(): Promise<boolean> {
    return (await this.git(['for-each-ref', '--count=1'])) === '';
  }

  /**
   * Adds commits to a branch, which is made from `from` (a branch or sha), or from nothing, where it is new. Returns
   * their shas, newest last.
   */
  async commit(
    branch: string,
    commits: number | readonly NewGitCommit[] = 1,
    options: { readonly from?: string } = {},
  ): Promise<string[]> {
    const ref = `refs/heads/${branch}`;
    const start = options.from ?? (await this.ref(ref));
    const parent = start === undefined ? undefined : await this.ref(start);
    return writeHistory(this, ref, parent, typeof commits === 'number' ? plainHistory(commits) : commits);
  }

  /** A history of many commits and branches, fast: `branches` names on the newest commits of `main`. */
  async fill(size: { readonly commits: number; readonly branches: number }): Promise<void> {
    const shas = await writeHistory(this, 'refs/heads/main', undefined, plainHistory(size.commits));
    const lines = Array.from({ length: size.branches }, (_, index) => {
      const sha = shas[shas.length - 1 - (index % shas.length)] ?? zeroSha;
      return `create refs/heads/team/${String(index + 1).padStart(4, '0')} ${sha}\n`;
    });
    await this.git(['update-ref', '--stdin'], lines.join(''));
    await this.git(['pack-refs', '--all']);
    await this.git(['repack', '-adq']);
  }

  /** Points a ref at any object, or removes it. */
  async setRef(name: string, sha: string | undefined): Promise<void> {
    await this.git(sha === undefined ? ['update-ref', '-d', name] : ['update-ref', name, sha]);
  }

  async tag(name: string, target: string, options: TagOptions = {}): Promise<string> {
    const object = (await this.ref(target)) ?? target;
    let sha = object;
    if (options.message !== undefined) {
      const type = (await this.git(['cat-file', '-t', object])).trim();
      const header = `object ${object}\ntype ${type}\ntag ${name}\ntagger Nora Example <nora@example.com> 1767225600 +0000\n`;
      sha = (await this.git(['mktag'], `${header}\n${options.message}\n`)).trim();
    }
    await this.setRef(`refs/tags/${name}`, sha);
    return sha;
  }

  async setDefaultBranch(branch: string): Promise<void> {
    await this.git(['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
  }

  async isAncestor(older: string, newer: string): Promise<boolean> {
    return this.git(['merge-base', '--is-ancestor', older, newer]).then(
      () => true,
      () => false,
    );
  }

  /** Bytes of all objects on disk. */
  async size(): Promise<number> {
    let bytes = 0;
    const folders = [join(this.path, 'objects')];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for (const entry of await readdir(folder, { withFileTypes: true })) {
        if (entry.isDirectory()) folders.push(join(folder, entry.name));
        else bytes += (await stat(join(folder, entry.name))).size;
      }
    }
    return bytes;
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
