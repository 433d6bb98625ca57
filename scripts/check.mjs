// Everything that can be said about the code without running it. `npm run check -- --fix` formats, repairs what eslint
// can repair and prints the documentation tables anew; `npm run check -- eslint types` runs the named steps only.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkLockFile, checkWords } from './lib/repository.mjs';
import { root } from './lib/root.mjs';
import { runNode } from './lib/run.mjs';

const fix = process.argv.includes('--fix');
const chosen = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const cache = join(root, 'node_modules/.cache/syncline');
mkdirSync(cache, { recursive: true });

const tool = (path, ...args) => runNode(join(root, 'node_modules', path), args, { capture: true });
const eslint = (...args) => tool('eslint/bin/eslint.js', '--max-warnings=0', ...(fix ? ['--fix'] : []), ...args);
const script = (name, ...args) => runNode(join(root, 'scripts', name), args, { capture: true });
const faults = (list) => ({ code: list.length, output: list.join('\n') });
const tsc = 'typescript/bin/tsc';
const consoleProject = join(root, 'apps/console/tsconfig.json');

const steps = [
  // Two programs of types: side by side they take half as long.
  ['eslint', () => eslint('--ignore-pattern', 'apps/console/', '.')],
  ['console eslint', () => eslint('apps/console')],
  ['docs', () => script('docs-tables.mjs', ...(fix ? [] : ['--check']))],
  ['prettier', () => tool('prettier/bin/prettier.cjs', fix ? '--write' : '--check', '--log-level=warn', '.')],
  ['repository', () => faults([...checkLockFile(), ...checkWords()])],
  ['build', () => script('build.mjs')],
  [
    'types',
    () =>
      tool(tsc, '-p', join(root, 'tsconfig.check.json'), '--incremental', '--tsBuildInfoFile', join(cache, 'types')),
  ],
  ['console types', () => (existsSync(consoleProject) ? tool(tsc, '-p', consoleProject, '--noEmit') : faults([]))],
  [
    'arrows',
    () =>
      tool(
        'dependency-cruiser/bin/dependency-cruise.mjs',
        '--config',
        '.dependency-cruiser.cjs',
        '--output-type',
        'err-long',
        'apps',
        'libs',
        'connectors',
        'test',
      ),
  ],
  ['unused', () => tool('knip/bin/knip.js', '--no-progress', '--no-config-hints')],
];

const unknown = chosen.filter((name) => !steps.some(([step]) => step === name));
if (unknown.length > 0) {
  console.error(`There is no step ${unknown.join(', ')}; there are: ${steps.map(([step]) => step).join(', ')}.`);
  process.exit(2);
}

const failures = [];
async function runStep([name, work]) {
  const begun = performance.now();
  const { code, output } = await work();
  const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(6);
  console.log(`${seconds} s  ${code === 0 ? 'ok    ' : 'FAILED'}  ${name}`);
  if (code !== 0) failures.push({ name, output: output.trim() });
}

const queue = steps.filter(([step]) => chosen.length === 0 || chosen.includes(step));
async function takeSteps() {
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) await runStep(step);
}
// Two at a time; those that write into the same files one after the other.
await Promise.all(fix ? [takeSteps()] : [takeSteps(), takeSteps()]);

for (const { name, output } of failures) console.log(`\n--- ${name}\n${output || 'failed without a word'}`);
console.log(
  failures.length === 0
    ? '\nAll checks passed.'
    : `\n${failures.length} failed: ${failures.map(({ name }) => name).join(', ')}`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
