import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolders } from '../config/make-folders.js';

/** For this user alone: the folder's files hold keys. */
export function makePrivateFolder(path: string): void {
  makeFolders(path, 0o700);
}

export function readPrivateFile(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

/** Whole or not at all, mode 0600, on the disk when it returns. */
export function writePrivateFile(path: string, content: string): void {
  makePrivateFolder(dirname(path));
  const draft = `${path}.${process.pid}`;
  const file = openSync(draft, 'w', 0o600);
  try {
    writeSync(file, `${content}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}
