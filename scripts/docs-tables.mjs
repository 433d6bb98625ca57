// Prints the config and event tables of every connector's README.md from its metadata.json, between the markers
// `<!-- config:begin -->` ... `<!-- config:end -->` and `<!-- events:begin -->` ... `<!-- events:end -->`.
// `--check` writes nothing and fails where a table is stale or a marker is missing.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as prettier from 'prettier';
import { configTable, eventTable, replaceBetween } from './lib/docs-tables.mjs';
import { root } from './lib/root.mjs';

const check = process.argv.includes('--check');
const faults = [];

for (const id of readdirSync(join(root, 'connectors'))) {
  const [metadataFile, readme] = ['metadata.json', 'README.md'].map((name) => join(root, 'connectors', id, name));
  if (!existsSync(metadataFile)) continue;
  if (!existsSync(readme)) {
    faults.push(`connectors/${id} has no README.md`);
    continue;
  }
  const metadata = JSON.parse(readFileSync(metadataFile, 'utf8'));
  const before = readFileSync(readme, 'utf8');
  const tables = { config: configTable(metadata.configSchema), events: eventTable(metadata.eventTypes) };
  let text = before;
  for (const [name, table] of Object.entries(tables)) {
    const replaced = replaceBetween(text, name, table);
    if (replaced === undefined) faults.push(`connectors/${id}/README.md lacks the markers of the ${name} table`);
    else text = replaced;
  }
  const after = await prettier.format(text, { ...(await prettier.resolveConfig(readme)), filepath: readme });
  if (after === before) continue;
  if (check) faults.push(`connectors/${id}/README.md is stale or not formatted: run npm run docs`);
  else writeFileSync(readme, after);
}

for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
