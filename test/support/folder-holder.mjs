// Holds a data folder as a hub does, with a second thread at work, until it is killed: node folder-holder.mjs <folder>
import { Worker } from 'node:worker_threads';
import { FolderLock } from '../../apps/hub/dist/database/folder-lock.js';

try {
  await FolderLock.acquire(process.argv[2]);
} catch (error) {
  console.log(error.message);
  process.exit(1);
}
// Memory to give back and a file that is written to: what makes the end of a hub take its time.
const work = `const { writeFileSync } = require('node:fs'); const memory = Buffer.alloc(64e6, 1);
  setInterval(() => writeFileSync(${JSON.stringify(`${process.argv[2]}/written`)}, memory.subarray(0, 1e6)), 1);`;
new Worker(work, { eval: true }).once('online', () => console.log('up'));
