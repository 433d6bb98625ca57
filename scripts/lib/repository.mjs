// Checks of the repository itself: the lock file and the words of committed files. Each answers with a list of faults.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { filesBelow } from './files.mjs';
import { root } from './root.mjs';

/**
 * `npm ci` fails where a platform's package is missing in the lock, which npm leaves out in silence when it was not yet
 * published; and addresses in the lock would tie everybody to the registry of whoever wrote it.
 */
export function checkLockFile() {
  const text = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(text);
  const present = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)));
  const incomplete = Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !present.has(name))
      .map((name) => `package-lock.json: ${path} wants ${name}, which has no entry`),
  );
  const resolved = Object.entries(packages)
    .filter(([, entry]) => /^https?:/.test(entry.resolved ?? ''))
    .map(([path]) => `package-lock.json: ${path} has an address`);
  const unhashed = Object.entries(packages)
    .filter(([path, entry]) => path.includes('node_modules/') && !entry.link && !entry.integrity)
    .map(([path]) => `package-lock.json: ${path} has no integrity hash`);
  return [...incomplete, ...resolved, ...unhashed];
}

// Written so that this file does not match itself.
const forbidden = [
  { pattern: /\bregistry\.(?:npmjs|yarnpkg|npmmirror)\.(?:org|com)\b/, why: 'names a package registry' },
  {
    pattern: /(?:^|[\s"'`(=:<])\/(?:work|root|home\/[a-z]\w*|Users\/[A-Za-z]\w*)\/[\w.]/,
    why: 'names a path of one machine',
  },
  { pattern: /-{5}BEGIN (?:[A-Z]+ )?PRIVATE KEY-{5}\n[A-Za-z0-9+/=\n]{100}/, why: 'holds a private key' },
  { pattern: /^(?:<{7} |>{7} |={7}$)/m, why: 'holds a merge marker' },
];

const isBinary = (content) => content.includes(0);

/** Committed files and those about to be; without git, or outside a repository, all but what builds and runs leave. */
function repositoryFiles() {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status === 0) return stdout.split('\0').filter((name) => name && existsSync(join(root, name)));
  const leftovers = new Set(['dist', 'data', 'coverage', '.env', '.work']);
  return filesBelow(root, { skip: (name) => leftovers.has(name) }).map((file) => relative(root, file));
}

export function checkWords() {
  return repositoryFiles()
    .filter((name) => name !== 'package-lock.json')
    .flatMap((name) => {
      const content = readFileSync(join(root, name));
      if (isBinary(content)) return [];
      const text = content.toString();
      return forbidden
        .map(({ pattern, why }) => ({ why, match: pattern.exec(text) }))
        .filter(({ match }) => match)
        .map(
          ({ why, match }) =>
            `${name}:${text.slice(0, match.index).split('\n').length}: ${why} (${match[0].trim().slice(0, 60)})`,
        );
    });
}
