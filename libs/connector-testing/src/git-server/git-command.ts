import { spawn } from 'node:child_process';

export interface GitCommandOptions {
  /** The repository: `--git-dir`. */
  readonly gitDir?: string;
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

/** An environment in which only the repository's own configuration counts, whatever this machine's user has set. */
export function plainGitEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { PATH, TMPDIR } = process.env;
  return {
    PATH,
    ...(TMPDIR === undefined ? {} : { TMPDIR }),
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    ...extra,
  };
}

/** Runs git to its end and returns what it wrote; a failure is an error with git's own words. */
export function runGit(args: readonly string[], options: GitCommandOptions = {}): Promise<string> {
  const where = options.gitDir === undefined ? [] : [`--git-dir=${options.gitDir}`];
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...where, ...args], {
      env: plainGitEnvironment(options.env),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString('utf8'));
      else
        reject(new Error(`git ${args[0] ?? ''} ended with ${code}: ${Buffer.concat(errors).toString('utf8').trim()}`));
    });
    // A git that ends early leaves its input unread; its exit status says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}
