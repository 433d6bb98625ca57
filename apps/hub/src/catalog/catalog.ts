import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstanceKind } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import type { BrokenConnector, CatalogEntry, UsableConnector } from './catalog-entry.js';
import { compileConfigSchema } from './json-schema.js';
import { loadConnector } from './load-connector.js';

/** What connectors there are: found in folders, never listed in code. */
@Injectable()
export class Catalog {
  private readonly validators = new Map<string, ValidateFunction>();

  constructor(readonly entries: readonly CatalogEntry[]) {}

  /** Looks at every folder with a metadata.json below `folders`. A folder that does not exist holds none. */
  static async discover(folders: readonly string[]): Promise<Catalog> {
    const found = (await Promise.all(folders.map(connectorFolders))).flat();
    const entries: CatalogEntry[] = [];
    for (const folder of found) entries.push(refuseDuplicate(await loadConnector(folder), entries));
    return new Catalog(entries.sort((a, b) => a.id.localeCompare(b.id)));
  }

  /** The usable one of this id, else a broken one. */
  find(id: string): CatalogEntry | undefined {
    return this.usable(id) ?? this.entries.find((entry) => entry.id === id);
  }

  usable(id: string): UsableConnector | undefined {
    return this.entries.filter((entry) => entry.state === 'ok').find((entry) => entry.id === id);
  }

  /** The connectors that name this kind of instance. */
  withInstanceKind(kind: string): readonly UsableConnector[] {
    return this.entries
      .filter((entry) => entry.state === 'ok')
      .filter((entry) => entry.metadata.instanceKinds.some((known) => known.kind === kind));
  }

  /** Every kind of instance that a usable connector names; the first description counts. */
  instanceKinds(): ReadonlyMap<string, InstanceKind> {
    const kinds = new Map<string, InstanceKind>();
    for (const entry of this.entries) {
      if (entry.state !== 'ok') continue;
      for (const kind of entry.metadata.instanceKinds) if (!kinds.has(kind.kind)) kinds.set(kind.kind, kind);
    }
    return kinds;
  }

  /** Compiled once: ajv takes milliseconds for it. */
  configValidator(entry: UsableConnector): ValidateFunction {
    const known = this.validators.get(entry.id);
    if (known) return known;
    const validator = compileConfigSchema(entry.metadata.configSchema);
    this.validators.set(entry.id, validator);
    return validator;
  }
}

async function connectorFolders(parent: string): Promise<readonly string[]> {
  const names = await readdir(parent).catch(() => []);
  const folders = names.sort().map((name) => join(parent, name));
  const isConnector = await Promise.all(
    folders.map((folder) =>
      stat(join(folder, 'metadata.json')).then(
        (found) => found.isFile(),
        () => false,
      ),
    ),
  );
  return folders.filter((_, index) => isConnector[index]);
}

/** The first folder of an id keeps it. */
function refuseDuplicate(entry: CatalogEntry, before: readonly CatalogEntry[]): CatalogEntry {
  const first = before.find((known) => known.state === 'ok' && known.id === entry.id);
  if (entry.state === 'broken' || first === undefined) return entry;
  const { id, folder, metadata } = entry;
  const broken: BrokenConnector = {
    state: 'broken',
    id,
    folder,
    metadata,
    reason: `its id "${id}" is taken by ${first.folder}`,
  };
  return broken;
}
