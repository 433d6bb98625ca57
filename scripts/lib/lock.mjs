import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

function tryTake(file) {
  try {
    const handle = openSync(file, 'wx');
    writeSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

const readHolder = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

/** Takes away a dead holder's file. Another process may have replaced it since we looked: then it is put back. */
function removeDead(file, holder) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (readHolder(aside) !== holder) linkSync(aside, file);
  } catch {
    // Somebody else was faster; the next round sees who holds it.
  }
  rmSync(aside, { force: true });
}

/** Runs `work` while holding `file`, so that two processes never do it at once. A dead holder's file is taken over. */
export async function withLock(file, work, { onWait = () => {} } = {}) {
  for (let round = 0; !tryTake(file); round += 1) {
    const holder = readHolder(file);
    // An empty file is one that is being written at this moment, unless it stays empty.
    if (holder !== undefined && (holder === '' ? round > 50 : !isAlive(Number(holder)))) removeDead(file, holder);
    if (round === 1) onWait(holder);
    await sleep(100);
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}
