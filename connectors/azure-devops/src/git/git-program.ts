import { spawnSync } from 'node:child_process';

/** Configuration in the environment, by which credentials are handed over, came with it. */
const oldest = [2, 31] as const;

/** Throws, in a sentence, where git is missing or too old. */
export function requireGit(path = process.env['PATH']): void {
  const { stdout, error } = spawnSync('git', ['--version'], {
    encoding: 'utf8',
    timeout: 10_000,
    env: { PATH: path, LC_ALL: 'C' },
  });
  if (error !== undefined) throw new Error('there is no git on this machine; install git 2.31 or newer');
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(stdout) ?? [];
  const [wantedMajor, wantedMinor] = oldest;
  const isNew = Number(major) > wantedMajor || (Number(major) === wantedMajor && Number(minor) >= wantedMinor);
  if (!isNew) throw new Error(`git ${major}.${minor} is too old; install git 2.31 or newer`);
}
