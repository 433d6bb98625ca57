import { spawn } from 'node:child_process';
import type { BareRepository } from '../bare-repository.js';
import { plainGitEnvironment } from '../git-command.js';

export interface ClientResult {
  readonly code: number | null;
  readonly output: string;
}

/** Git as people run it, in a local repository, logged in to one origin; never throws for an exit status. */
export function gitClient(
  local: BareRepository,
  login: { readonly origin: string; readonly username?: string; readonly password: string },
  args: readonly string[],
): Promise<ClientResult> {
  const secret = Buffer.from(`${login.username ?? ''}:${login.password}`).toString('base64');
  const env = plainGitEnvironment({
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${login.origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${secret}`,
  });
  return new Promise((resolve, reject) => {
    const child = spawn('git', [`--git-dir=${local.path}`, ...args], { env });
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, output: Buffer.concat(output).toString('utf8') });
    });
  });
}
