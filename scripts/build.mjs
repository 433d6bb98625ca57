// Builds every package with `tsc -b` and the console with vite. Does nothing, in a tenth of a second, when neither the
// inputs nor the outputs changed since the last build. Two builds at once wait for each other.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { filesBelow, hashContents, hashStates, packages } from './lib/files.mjs';
import { withLock } from './lib/lock.mjs';
import { root } from './lib/root.mjs';
import { runNode } from './lib/run.mjs';

const consoleDir = join(root, 'apps/console');
const stampFile = join(root, 'node_modules/.syncline-build.json');
const shared = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.base.json'].map((name) =>
  join(root, name),
);
const compiled = packages().filter((dir) => dir !== consoleDir);
const isTypeScript = (file) => file.endsWith('.ts');
const isSpec = (file) => file.endsWith('.spec.ts');

const steps = {
  typescript: {
    inputs: () => [
      ...shared,
      ...compiled.flatMap((dir) => [
        ...['package.json', 'tsconfig.json'].map((name) => join(dir, name)).filter((file) => existsSync(file)),
        ...filesBelow(join(dir, 'src')).filter((file) => !isSpec(file)),
      ]),
    ],
    outputs: () => compiled.flatMap((dir) => filesBelow(join(dir, 'dist'))),
    build: buildTypeScript,
  },
  console: {
    inputs: () => [...shared, ...filesBelow(consoleDir, { skip: (name) => name === 'dist' })],
    outputs: () => filesBelow(join(consoleDir, 'dist')),
    build: buildConsole,
  },
};

async function buildTypeScript() {
  for (const dir of compiled) {
    alignOutputs(dir);
    for (const asset of filesBelow(join(dir, 'src')).filter((file) => !isTypeScript(file))) {
      const target = join(dir, 'dist', relative(join(dir, 'src'), asset));
      mkdirSync(dirname(target), { recursive: true });
      if (!existsSync(target) || statSync(target).mtimeMs < statSync(asset).mtimeMs) copyFileSync(asset, target);
    }
  }
  const { code } = await runNode(join(root, 'node_modules/typescript/bin/tsc'), ['-b', root]);
  return code;
}

/** What was compiled from a file that is gone would still be found and run; what was deleted would stay away. */
function alignOutputs(dir) {
  for (const output of filesBelow(join(dir, 'dist'))) {
    if (basename(output) === '.tsbuildinfo') continue;
    const below = relative(join(dir, 'dist'), output);
    const source = below.replace(/(\.d\.ts|\.js\.map|\.d\.ts\.map|\.js)$/, '.ts');
    if (![below, source].some((name) => existsSync(join(dir, 'src', name)))) rmSync(output);
  }
  // tsc looks at its build info only: where an output was deleted, it would call the package up to date.
  const emitted = filesBelow(join(dir, 'src')).filter((file) => /(?<!\.spec|\.d)\.ts$/.test(file));
  const missing = emitted.some(
    (file) => !existsSync(join(dir, 'dist', relative(join(dir, 'src'), file).replace(/ts$/, 'js'))),
  );
  if (missing) rmSync(join(dir, 'dist/.tsbuildinfo'), { force: true });
}

async function buildConsole() {
  if (!existsSync(join(consoleDir, 'index.html'))) return 0;
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const { code } = await runNode(vite, ['build', '--logLevel', 'warn'], { cwd: consoleDir });
  return code;
}

const readStamps = () => {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return {};
  }
};

async function build() {
  const stamps = readStamps();
  for (const [name, step] of Object.entries(steps)) {
    const inputs = hashContents(step.inputs());
    if (stamps[name]?.inputs === inputs && stamps[name]?.outputs === hashStates(step.outputs())) continue;
    delete stamps[name];
    writeFileSync(stampFile, JSON.stringify(stamps));
    const code = await step.build();
    if (code !== 0) return code;
    // The hash from before the build: a file edited meanwhile makes the next build run.
    stamps[name] = { inputs, outputs: hashStates(step.outputs()) };
    writeFileSync(stampFile, JSON.stringify(stamps));
  }
  return 0;
}

process.exitCode = await withLock(join(root, 'node_modules/.syncline-build.lock'), build, {
  onWait: (holder) => console.error(`Waiting for another build (process ${holder ?? 'unknown'}) ...`),
});
