import { ConnectorError } from '@syncline/connector-sdk';

/** The cache cannot be written. What is half written is thrown away, and the cache is made anew by the next run. */
export class DiskFull extends ConnectorError {
  constructor(words: string) {
    const isFull = fullDisk.test(words);
    super(
      'transient',
      isFull ? 'The disk with the git cache is full.' : 'A file of the git cache is larger than this machine allows.',
      {
        hint: `${isFull ? 'Free some room' : 'Raise the limit'}, or move the caches with WORK_DIR. They are made anew.`,
      },
    );
  }
}

const fullDisk = /No space left on device|Disk quota exceeded|ENOSPC|EDQUOT/i;
/** 25 is SIGXFSZ, by which a process ends that goes on writing. */
const fileLimit = /File too large|EFBIG|died of signal 25\b/i;

/** The error for words that say that nothing more can be written; else undefined. */
export function diskFailure(words: string): DiskFull | undefined {
  return fullDisk.test(words) || fileLimit.test(words) ? new DiskFull(words) : undefined;
}
