import { jest } from '@jest/globals';

/**
 * For specs that drive processes and browsers, whose pace is the machine's: in CI a failed test is tried once more, and
 * what failed first is printed all the same. Everything else fails at once.
 */
export function retryOnceInCi(): void {
  if (process.env['CI']) jest.retryTimes(1, { logErrorsBeforeRetry: true });
}
