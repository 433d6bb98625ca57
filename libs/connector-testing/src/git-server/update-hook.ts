import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RefDecision } from './receive-pack.js';

/**
 * The `update` hook, called by git for each ref of a push: it refuses what the decisions of this push refuse. What is
 * forced can only be known here, when the pushed objects have arrived.
 */
const script = `#!/bin/sh
while read -r mode ref; do
  [ "$ref" = "$1" ] || continue
  case "$mode" in
    deny) exit 1 ;;
    forced)
      case "$2" in *[!0]*) ;; *) continue ;; esac
      git merge-base --is-ancestor "$2" "$3" || exit 1
      ;;
  esac
done < "$GIT_SERVER_DECISIONS"
exit 0
`;

/** Writes the decisions of one push and the hook that obeys them; returns the environment that makes git use them. */
export async function writeUpdateHook(
  folder: string,
  decisions: ReadonlyMap<string, RefDecision>,
): Promise<Record<string, string>> {
  const hook = join(folder, 'update');
  const file = join(folder, 'decisions');
  await mkdir(folder, { recursive: true });
  await writeFile(hook, script);
  await chmod(hook, 0o755);
  const lines = [...decisions].map(([ref, decision]) => `${'deny' in decision ? 'deny' : 'forced'} ${ref}\n`);
  await writeFile(file, lines.join(''));
  return { GIT_SERVER_DECISIONS: file };
}

export function reasonOf(decision: RefDecision): string {
  return 'deny' in decision ? decision.deny : decision.denyForced;
}
