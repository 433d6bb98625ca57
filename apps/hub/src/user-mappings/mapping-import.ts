import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Audit } from '../audit/audit.js';
import { InstanceStore } from '../instances/instance-store.js';
import { type InstanceEntity } from '../instances/instance.entity.js';
import { type CsvMapping, type LineError, readMappingCsv } from './mapping-csv.js';
import { MappingStore } from './mapping-store.js';
import { PeopleLookup } from './people-lookup.js';
import type { UserPair } from './user-mapping-row.js';
import type { ImportView } from './user-mapping-view.js';

type Side = 'source' | 'target';
const SIDES: readonly Side[] = ['source', 'target'];

/** The answer stays readable, whatever was sent. */
const MOST_ERRORS = 1_000;

/** Stores a whole file: every line that can be, and says of each other line why not. */
@Injectable()
export class MappingImport {
  constructor(
    private readonly database: DataSource,
    private readonly instances: InstanceStore,
    private readonly people: PeopleLookup,
    private readonly store: MappingStore,
    private readonly audit: Audit,
  ) {}

  async run(bytes: Uint8Array, actor: string): Promise<ImportView> {
    const read = readMappingCsv(bytes);
    const errors = [...read.errors];
    const resolved = await this.resolve(read.mappings, errors);
    const { known, warnings } = await this.lookUp(resolved, errors);
    const pairs = withoutRepeats(known, errors).map(({ pair }) => pair);
    const stored = await this.database.transaction(async (manager) => {
      const counts = await this.store.merge(manager, pairs);
      await this.audit.record(actor, 'user_mapping.import', { kind: 'user_mapping' }, { ...counts }, manager);
      return counts;
    });
    const unchanged = pairs.length - stored.created - stored.updated;
    return { ...stored, unchanged, errors: shown(errors), warnings };
  }

  /** Instances by id or by name. */
  private async resolve(mappings: readonly CsvMapping[], errors: LineError[]): Promise<readonly CsvMapping[]> {
    const rows: { id: string; name: string }[] = await this.database.query('select id, name from instance');
    const ids = new Map(rows.flatMap(({ id, name }) => [[name, id] as const, [id, id] as const]));
    return mappings.flatMap(({ line, pair }) => {
      const source = ids.get(pair.sourceInstanceId) ?? ids.get(pair.sourceInstanceId.toLowerCase());
      const target = ids.get(pair.targetInstanceId) ?? ids.get(pair.targetInstanceId.toLowerCase());
      const fault =
        source === undefined
          ? `sourceInstanceId "${pair.sourceInstanceId}" is neither the id nor the name of an instance`
          : target === undefined
            ? `targetInstanceId "${pair.targetInstanceId}" is neither the id nor the name of an instance`
            : source === target
              ? 'names one instance on both sides'
              : undefined;
      if (fault === undefined && source !== undefined && target !== undefined) {
        return [{ line, pair: { ...pair, sourceInstanceId: source, targetInstanceId: target } }];
      }
      errors.push({ line, message: fault ?? 'cannot be read' });
      return [];
    });
  }

  /** One question per instance, about everybody at once. */
  private async lookUp(
    mappings: readonly CsvMapping[],
    errors: LineError[],
  ): Promise<{ known: readonly CsvMapping[]; warnings: readonly string[] }> {
    const names = namesByInstance(mappings);
    const rows = await this.instances.findAll([...names.keys()]);
    const warnings: string[] = [];
    const people = new Map<string, ReadonlyMap<string, { readonly username: string }>>();
    const ask = async (row: InstanceEntity): Promise<void> => {
      const lookup = await this.people.find(row, [...(names.get(row.id) ?? [])]);
      if (lookup.asked) people.set(row.id, lookup.found);
      else warnings.push(`Usernames were not checked: ${lookup.reason}.`);
    };
    await Promise.all([...rows.values()].map(ask));
    const known = mappings.flatMap(({ line, pair }) => {
      const written: UserPair = { ...pair };
      for (const side of SIDES) {
        const found = people.get(pair[`${side}InstanceId`]);
        if (found === undefined) continue;
        const person = found.get(pair[`${side}Username`].toLowerCase());
        if (person === undefined) {
          const name = rows.get(pair[`${side}InstanceId`])?.name ?? '';
          errors.push({ line, message: `${side}Username "${pair[`${side}Username`]}" is no user of "${name}"` });
          return [];
        }
        Object.assign(written, { [`${side}Username`]: person.username });
      }
      return [{ line, pair: written }];
    });
    return { known, warnings };
  }
}

function namesByInstance(mappings: readonly CsvMapping[]): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const { pair } of mappings) {
    for (const side of SIDES) {
      const known = names.get(pair[`${side}InstanceId`]) ?? new Set();
      known.add(pair[`${side}Username`]);
      names.set(pair[`${side}InstanceId`], known);
    }
  }
  return names;
}

/** The first line of a user counts; a second one is an error, for nobody knows which was meant. */
function withoutRepeats(mappings: readonly CsvMapping[], errors: LineError[]): readonly CsvMapping[] {
  const lines = new Map<string, number>();
  return mappings.filter(({ line, pair }) => {
    const key = JSON.stringify([pair.sourceInstanceId, pair.sourceUsername.toLowerCase(), pair.targetInstanceId]);
    const first = lines.get(key);
    if (first === undefined) lines.set(key, line);
    else errors.push({ line, message: `maps "${pair.sourceUsername}" again; line ${first} did` });
    return first === undefined;
  });
}

function shown(errors: readonly LineError[]): readonly LineError[] {
  const sorted = [...errors].sort((a, b) => a.line - b.line);
  const hidden = sorted.length - MOST_ERRORS;
  const next = sorted[MOST_ERRORS];
  if (next === undefined) return sorted;
  return [...sorted.slice(0, MOST_ERRORS), { line: next.line, message: `and ${hidden - 1} more lines are wrong, too` }];
}
