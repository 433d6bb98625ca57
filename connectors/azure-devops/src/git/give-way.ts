import { writeFile } from 'node:fs';
import { constants, setPriority } from 'node:os';

/** Of a process and, where Linux shares processors between sessions, of its session: git runs in one of its own. */
const niceness = constants.priority.PRIORITY_BELOW_NORMAL;

/** Lets a process work in the background: the hub answers people and webhooks first. Whoever cannot do so does without. */
export function giveWay(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, niceness);
  } catch {
    // It has ended already, or the system knows no such thing.
  }
  writeFile(`/proc/${pid}/autogroup`, String(niceness), () => undefined);
}
