import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './root.mjs';

const skipped = new Set(['node_modules', '.git']);

/** All files below a folder, sorted, as absolute paths; nothing where the folder is absent. */
export function filesBelow(folder, { skip = () => false } = {}) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !skipped.has(entry.name) && !skip(entry.name))
    .flatMap((entry) =>
      entry.isDirectory() ? filesBelow(join(folder, entry.name), { skip }) : [join(folder, entry.name)],
    )
    .sort();
}

/** The workspace packages as absolute folders: apps, libs and connectors that have a package.json. */
export const packages = () =>
  ['libs', 'connectors', 'apps'].flatMap((group) =>
    readdirSync(join(root, group), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(root, group, entry.name, 'package.json')))
      .map((entry) => join(root, group, entry.name)),
  );

/** One hash over names and contents. */
export function hashContents(files) {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

/** One hash over names, sizes and times: tells whether outputs are still the ones that were written. */
export function hashStates(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${relative(root, file)}\0${size}\0${mtimeMs}\0`);
  }
  return hash.digest('hex');
}
