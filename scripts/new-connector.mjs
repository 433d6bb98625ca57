// Makes a connector that passes the conformance kit before its first real line: npm run new:connector <id>
// `--into <folder>` makes it in another checkout.
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as prettier from 'prettier';
import { filesBelow } from './lib/files.mjs';
import { root } from './lib/root.mjs';
import { configTable, eventTable, replaceBetween } from './lib/docs-tables.mjs';

const usage = `Usage: npm run new:connector <id>

  <id>  lower-case words joined by hyphens, at most 60 characters, e.g. acme-events.
        It becomes the folder connectors/<id> and the package @syncline/connector-<id>.`;

function fail(message) {
  console.error(`${message}\n\n${usage}`);
  process.exit(2);
}

const { values, positionals } = (() => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { into: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    return fail(error.message);
  }
})();
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const checkout = values.into ? resolve(values.into) : root;
const [id] = positionals;
if (positionals.length !== 1) fail(id === undefined ? 'Which id?' : 'One id at a time.');
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) || id.length > 60) fail(`"${id}" is not an id.`);
const folder = join(checkout, 'connectors', id);
if (existsSync(folder)) fail(`connectors/${id} exists already.`);

const words = id.split('-');
const capitalised = words.map((word) => word[0].toUpperCase() + word.slice(1));
const names = {
  __ID__: id,
  __NAME__: capitalised.join(''),
  __CAMEL__: words[0] + capitalised.slice(1).join(''),
  __TITLE__: capitalised.join(' '),
  // One kind of server may have several connectors: acme-events and acme-issues share the instances of kind acme.
  __KIND__: words.length > 1 && ['events', 'issues'].includes(words.at(-1)) ? words.slice(0, -1).join('-') : id,
  __ZOD__: JSON.parse(readFileSync(join(root, 'libs/gitlab/package.json'), 'utf8')).dependencies.zod,
};
const fill = (text) => text.replace(/__[A-Z]+__/g, (name) => names[name] ?? name);
const style = await prettier.resolveConfig(join(root, 'package.json'));
const format = (text, file) =>
  prettier.format(text, { ...style, ...(file.endsWith('.svg') && { parser: 'html' }), filepath: file });
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
const writeJson = async (file, value) => writeFileSync(file, await format(JSON.stringify(value), file));

async function writeFolder() {
  const templates = join(root, 'scripts/new-connector');
  for (const template of filesBelow(templates)) {
    const file = join(folder, relative(templates, template).replace(/\.tmpl$/, ''));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, await format(fill(readFileSync(template, 'utf8')), file));
  }
  const readme = join(folder, 'README.md');
  const { configSchema, eventTypes } = readJson(join(folder, 'metadata.json'));
  const tables = { config: configTable(configSchema), events: eventTable(eventTypes) };
  let text = readFileSync(readme, 'utf8');
  for (const [name, table] of Object.entries(tables)) text = replaceBetween(text, name, table);
  writeFileSync(readme, await format(text, readme));
}

/** The compiler builds what the root refers to; nest-cli.json is for people who use that tool. */
async function registerProject() {
  const config = join(checkout, 'tsconfig.json');
  const { references, ...rest } = readJson(config);
  const isApp = ({ path }) => path.startsWith('apps/');
  const firstApp = references.findIndex(isApp);
  references.splice(firstApp < 0 ? references.length : firstApp, 0, { path: `connectors/${id}` });
  await writeJson(config, { ...rest, references });

  const nestFile = join(checkout, 'nest-cli.json');
  const nest = readJson(nestFile);
  const path = `connectors/${id}`;
  nest.projects[id] = {
    type: 'library',
    root: path,
    sourceRoot: `${path}/src`,
    entryFile: 'index',
    compilerOptions: { tsConfigPath: `${path}/tsconfig.json` },
  };
  await writeJson(nestFile, nest);
}

/** The stamp of scripts/ensure-deps.mjs: this lock, on this platform, is installed. */
const stampOf = (lock) =>
  createHash('sha256')
    .update(lock)
    .update(`${process.platform} ${process.arch} ${process.versions.modules}`)
    .digest('hex');

/**
 * What `npm install` would do for a workspace whose packages are all here: an entry in the lock and a link. Done by
 * hand, because npm asks the network even then.
 */
function installLink() {
  const lockFile = join(checkout, 'package-lock.json');
  const before = readFileSync(lockFile);
  const lock = JSON.parse(before);
  const { name, version, dependencies, devDependencies } = readJson(join(folder, 'package.json'));
  lock.packages[`connectors/${id}`] = { name, version, dependencies, devDependencies };
  lock.packages[`node_modules/${name}`] = { resolved: `connectors/${id}`, link: true };
  lock.packages = Object.fromEntries(
    Object.entries(lock.packages).sort(([a], [b]) => (a === '' ? -1 : b === '' ? 1 : a.localeCompare(b, 'en'))),
  );
  const after = `${JSON.stringify(lock, null, 2)}\n`;
  writeFileSync(lockFile, after);

  const link = join(checkout, 'node_modules', name);
  rmSync(link, { force: true });
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(relative(dirname(link), folder), link, 'dir');
  const stampFile = join(checkout, 'node_modules/.syncline-stamp');
  const isCurrent = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stampOf(before);
  if (isCurrent) writeFileSync(stampFile, stampOf(after));
}

await writeFolder();
await registerProject();
installLink();
console.log(`connectors/${id} is there and passes the conformance kit:

  npm test -- connectors/${id}

It reads an imaginary ticket system. Replace, in this order: metadata.json, src/schema.ts, src/client.ts, src/mapping.ts,
src/connector.ts, src/testing/fake-server.ts, README.md. CONTRIBUTING.md says more. The hub finds it at its next start.`);
