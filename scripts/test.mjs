// Runs the tests, then prints what ran and what did not. Arguments go to jest: `npm test -- libs/gitlab -t "reads"`.
//   TEST_DATABASE_URL          a PostgreSQL where databases may be created; without it the embedded database is used
//   CHROMIUM_PATH              default /usr/bin/chromium
//   SYNCLINE_TEST_COMPLETE=1   what this machine lacks is a failure instead of a line in the table
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { printTable } from './lib/table.mjs';
import { root } from './lib/root.mjs';
import { run } from './lib/run.mjs';
import { describeCapabilities } from './lib/test-capabilities.mjs';
import { isCompleteRun } from '../test/support/detect.mjs';

// A developer's own hub settings must not reach the tests.
const hubSettings =
  /^(PORT|HOST|DATABASE_URL|DATA_DIR|PUBLIC_URL|TRUST_PROXY|TLS_CERT_FILE|TLS_KEY_FILE|ROLE|WORKER_CONCURRENCY|DEFAULT_SYNC_INTERVAL_MINUTES|LOG_LEVEL|LOG_FILE|GITLAB_\w+|AZURE_DEVOPS_\w+|POLL_INTERVAL|REPOS|BRANCHES|WORK_DIR|GIT_PROCESSES|CONNECTORS_DIR|CONSOLE_DIR|SYNCLINE_(?!TEST_)\w+|.*_FILE)$/;
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !hubSettings.test(name)));

const capabilities = await describeCapabilities(env);
const unusable = capabilities.filter((capability) => capability.broken);
for (const { name, state } of unusable) console.error(`${name}: ${state}`);
if (unusable.length > 0) process.exit(1);

const folder = mkdtempSync(join(tmpdir(), 'syncline-test-'));
const outputFile = join(folder, 'results.json');
// Many tests wait: for leases that run out, for git, for a browser. One more than there are processors fills the gaps.
const workers = Math.min(availableParallelism() + 1, 4);
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const jest = join(root, 'node_modules/jest/bin/jest.js');
const { code } = await run(
  process.execPath,
  [...flags, jest, `--maxWorkers=${workers}`, '--json', `--outputFile=${outputFile}`, ...process.argv.slice(2)],
  { env: { ...env, NODE_ENV: 'test' } },
);

const readResults = () => {
  try {
    return JSON.parse(readFileSync(outputFile, 'utf8'));
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
const results = readResults();
const tests = results?.testResults.flatMap((file) => file.assertionResults) ?? [];
const count = (chosen, ...statuses) => chosen.filter((test) => statuses.includes(test.status)).length;
const leftOut = ['pending', 'todo', 'disabled', 'skipped'];

const rows = capabilities.map(({ name, state, mark }) => {
  const marked =
    mark === undefined ? [] : tests.filter((test) => test.ancestorTitles.some((title) => title.includes(mark)));
  const ran = count(marked, 'passed', 'failed');
  const not = count(marked, ...leftOut);
  return [name, state, mark === undefined ? '' : not > 0 ? `${ran} ran, ${not} left out` : `${ran} ran`];
});
console.log('');
printTable(['what', 'state', 'tests'], rows);

const missing = capabilities.filter((capability) => capability.missing && capability.required);
if (isCompleteRun(env)) for (const { name, state } of missing) console.error(`A complete run needs ${name}: ${state}`);
const failsForMissing = isCompleteRun(env) && missing.length > 0;

// A file that could not even be loaded has no tests to count; it is one failure. So is a run without results.
const failed = results === undefined ? 1 : count(tests, 'failed') + results.numRuntimeErrorTestSuites;
const skipped = count(tests, ...leftOut);
console.log('');
console.log(`${count(tests, 'passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = code !== 0 ? code : failed > 0 || failsForMissing ? 1 : 0;
