// What git does on behalf of hubs, seen from outside: a `git` before the real one in a hub's search path takes a lock per
// cache and one of a row of places, and the real git and all it starts hold them until they end. The kernel frees a lock
// with its last holder, so that nothing is missed between two looks, and nothing is left behind by a kill.
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const script = ({ git, shared, own, log }) => `#!/bin/sh
cache=none
for argument in "$@"; do
  case $argument in --git-dir=*) cache=\${argument##*/} ;; esac
done
if [ "$cache" != none ]; then
  exec 9>>'${shared}'/"$cache".held
  flock -n 9 || echo "overlap 0 $cache" >>'${log}'
fi
place=1
while exec 8>>'${own}'/place.$place; ! flock -n 8; do place=$((place + 1)); done
echo "run $place $cache" >>'${log}'
exec '${git}' "$@"
`;

/** `folder` is empty and stays the caller's. */
export function createGitProbe(folder) {
  const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const shared = join(folder, 'caches');
  mkdirSync(shared);
  const logs = [];
  return {
    /** A search path for one more hub. */
    path() {
      const own = join(folder, `hub-${logs.length + 1}`);
      mkdirSync(own);
      const log = join(own, 'log');
      appendFileSync(log, '');
      logs.push(log);
      writeFileSync(join(own, 'git'), script({ git, shared, own, log }));
      chmodSync(join(own, 'git'), 0o700);
      return `${own}:${process.env.PATH}`;
    },
    /** So far: how often two were at work on one cache, how many ran, and the most at once in each hub. */
    seen() {
      const byHub = logs.map((log) =>
        readFileSync(log, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => line.split(' ')),
      );
      const runs = byHub.map((lines) => lines.filter(([what]) => what === 'run'));
      return {
        overlaps: byHub.flat().filter(([what]) => what === 'overlap').length,
        runs: runs.map((lines) => lines.length),
        most: runs.map((lines) => Math.max(0, ...lines.map(([, place]) => Number(place)))),
        caches: new Set(runs.flatMap((lines) => lines.map(([, , cache]) => cache)).filter((cache) => cache !== 'none'))
          .size,
      };
    },
  };
}
