import { readFile, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Connector, type ConnectorMetadata, metadataSchema } from '@syncline/connector-sdk';
import type { BrokenConnector, CatalogEntry } from './catalog-entry.js';
import { compileConfigSchema, compileSchema, explainErrors } from './json-schema.js';

const validateMetadata = compileSchema(metadataSchema);
const require = createRequire(import.meta.url);

/** Reads, validates and imports one connector folder. Never throws: what is wrong becomes the entry's reason. */
export async function loadConnector(folder: string): Promise<CatalogEntry> {
  const broken = (reason: string, metadata?: Partial<ConnectorMetadata>): BrokenConnector => ({
    state: 'broken',
    id: typeof metadata?.id === 'string' ? metadata.id : basename(folder),
    folder,
    reason,
    ...(metadata ? { metadata } : {}),
  });
  let content: unknown;
  try {
    content = JSON.parse(await readFile(join(folder, 'metadata.json'), 'utf8'));
  } catch (error) {
    return broken(`metadata.json cannot be read: ${messageOf(error)}`);
  }
  if (!isMetadata(content)) {
    const errors = explainErrors(validateMetadata.errors ?? []);
    const [first] = errors;
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    const partial = typeof content === 'object' && content !== null ? content : undefined;
    return broken(
      `metadata.json is invalid: ${first?.path || 'it'} ${first?.message ?? 'is no object'}${more}`,
      partial,
    );
  }
  try {
    compileConfigSchema(content.configSchema);
  } catch (error) {
    return broken(`metadata.json: configSchema is no JSON Schema: ${messageOf(error)}`, content);
  }
  return importConnector(folder, content, broken);
}

function isMetadata(content: unknown): content is ConnectorMetadata {
  return validateMetadata(content);
}

async function importConnector(
  folder: string,
  metadata: ConnectorMetadata,
  broken: (reason: string, metadata: ConnectorMetadata) => BrokenConnector,
): Promise<CatalogEntry> {
  const specifier = await specifierOf(folder, metadata);
  if (specifier === undefined) return broken(`entry "${String(metadata.entry)}" leads out of the folder`, metadata);
  let exported: unknown;
  try {
    exported = await import(specifier);
  } catch (error) {
    return broken(`its code cannot be loaded: ${messageOf(error)}`, metadata);
  }
  const connector: unknown =
    typeof exported === 'object' && exported !== null ? Reflect.get(exported, 'connector') : undefined;
  if (!isConnector(connector)) {
    return broken('its module has no export `connector` with the functions `check` and `sync`', metadata);
  }
  return { state: 'ok', id: metadata.id, folder, metadata, connector };
}

/**
 * A folder that is installed as a package (a workspace, a dependency) is imported by its name, so that its own exports
 * decide; another one by its entry file.
 */
async function specifierOf(folder: string, metadata: ConnectorMetadata): Promise<string | undefined> {
  const name = metadata.entry === undefined ? await packageName(folder) : undefined;
  if (name !== undefined && (await isInstalledAs(folder, name))) return name;
  const entry = resolve(folder, metadata.entry ?? 'dist/index.js');
  return entry.startsWith(resolve(folder) + sep) ? pathToFileURL(entry).href : undefined;
}

async function packageName(folder: string): Promise<string | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const name: unknown = typeof content === 'object' && content !== null ? Reflect.get(content, 'name') : undefined;
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

async function isInstalledAs(folder: string, name: string): Promise<boolean> {
  try {
    const found = await realpath(dirname(require.resolve(`${name}/metadata.json`)));
    return found === (await realpath(folder));
  } catch {
    return false;
  }
}

function isConnector(value: unknown): value is Connector {
  if (typeof value !== 'object' || value === null) return false;
  return ['check', 'sync'].every((name) => typeof Reflect.get(value, name) === 'function');
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
