import { describe, it } from '@jest/globals';
import {
  findChromium,
  findDatabaseUrl,
  findGit,
  findLfs,
  findOpenSsl,
  findRecordings,
  isCompleteRun,
  markOf,
} from './detect.mjs';

/**
 * Tests that need more than Node say so here, and nowhere else. Where the tool is absent they are left out, which the
 * test runner prints; in a complete run (`SYNCLINE_TEST_COMPLETE=1`) absence is a failure. Recordings are the
 * exception: they are data outside the repository, so their absence is printed and never fails.
 */
function describeWith<T>(capability: string, found: T | undefined, name: string, body: (found: T) => void): void {
  const title = `${name} ${markOf(capability)}`;
  if (found !== undefined) {
    describe(title, () => {
      body(found);
    });
  } else if (isCompleteRun() && capability !== 'recordings') {
    describe(title, () => {
      it(`finds ${capability}, which a complete run needs`, () => {
        throw new Error(`${capability} is absent`);
      });
    });
  } else {
    // The name stays visible as left out; a body that cannot be built without the tool is not built.
    describe.skip(title, () => {
      it(`needs ${capability}`, () => undefined);
    });
  }
}

/**
 * Tests that drive the console; the body gets the path of a Chromium (`--no-sandbox` is needed as root).
 * @public
 */
export function describeWithBrowser(name: string, body: (chromiumPath: string) => void): void {
  describeWith('browser', findChromium(), name, body);
}

/**
 * Tests against a real PostgreSQL only, e.g. two processes on one database; the body gets its maintenance URL.
 * @public
 */
export function describeWithPostgres(name: string, body: (databaseUrl: string) => void): void {
  describeWith('postgres', findDatabaseUrl(), name, body);
}

/**
 * Tests that make certificates; the body gets the openssl program.
 * @public
 */
export function describeWithOpenSsl(name: string, body: (openssl: string) => void): void {
  describeWith('openssl', findOpenSsl(), name, body);
}

/**
 * Tests that move commits between real repositories; the body gets the git program.
 * @public
 */
export function describeWithGit(name: string, body: (git: string) => void): void {
  describeWith('git', findGit(), name, body);
}

/**
 * Tests that move large files between real repositories; the body gets the git-lfs program.
 * @public
 */
export function describeWithLfs(name: string, body: (lfs: string) => void): void {
  describeWith('git-lfs', findLfs(), name, body);
}

/**
 * Tests that compare with recorded answers of a real GitLab; the body gets the folder that holds them.
 * @public
 */
export function describeWithRecordings(name: string, body: (folder: string) => void): void {
  describeWith('recordings', findRecordings(), name, body);
}

/**
 * The PostgreSQL for tests, or undefined: use the embedded database.
 * @public
 */
export const testDatabaseUrl = (): string | undefined => findDatabaseUrl();

/**
 * The Chromium to drive, or undefined. Prefer `describeWithBrowser`.
 * @public
 */
export const chromiumPath = (): string | undefined => findChromium();

/**
 * The folder with recorded answers, or undefined. Prefer `describeWithRecordings`.
 * @public
 */
export const recordingsDir = (): string | undefined => findRecordings();
