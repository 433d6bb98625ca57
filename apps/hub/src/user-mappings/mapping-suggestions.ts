import type { Person, Session } from '@syncline/connector-sdk';
import { createRedactor } from '@syncline/remote-http';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ConnectionSource, type ResolvedConnection } from '../connections/connection-source.js';
import { type FieldError, Problem } from '../http/problem.js';
import { InstanceStore } from '../instances/instance-store.js';
import { MappingStore } from './mapping-store.js';
import { type Named, suggest } from './matching-people.js';
import { PeopleLookup, reasonOf } from './people-lookup.js';
import type { SuggestionList } from './user-mapping-view.js';

const LIMIT_MS = 30_000;
const MOST_PAGES = 20;
const MOST_CONNECTIONS = 20;

/** Proposes mappings between the members of connected projects. Shown to people, never stored by itself. */
@Injectable()
export class MappingSuggestions {
  constructor(
    private readonly database: DataSource,
    private readonly connections: ConnectionSource,
    private readonly instances: InstanceStore,
    private readonly store: MappingStore,
    private readonly people: PeopleLookup,
  ) {}

  async find(source: string, target: string, connectionIds: readonly string[]): Promise<SuggestionList> {
    await this.requireInstances(source, target);
    const warnings: string[] = [];
    const sides = { source: new Map<string, Named>(), target: new Map<string, Named>() };
    const between = await this.connectionsBetween(source, target, connectionIds);
    if (between.length === 0) warnings.push('No connection uses both instances, so there is nobody to compare.');
    for (const { id, name } of between.slice(0, MOST_CONNECTIONS)) {
      const problem = await this.collect(id, source, target, sides);
      if (problem !== undefined) warnings.push(`The members of "${name}" could not be read: ${problem}.`);
    }
    if (between.length > MOST_CONNECTIONS) {
      warnings.push(
        `Only ${MOST_CONNECTIONS} of ${between.length} connections were looked at. Name one by connectionId.`,
      );
    }
    const mapped = await this.mappedNames(source, target);
    const items = suggest([...sides.source.values()], [...sides.target.values()], mapped);
    return { items, nextCursor: null, warnings };
  }

  private async requireInstances(source: string, target: string): Promise<void> {
    if (source === target) {
      throw Problem.badRequest('targetInstanceId must be another instance than sourceInstanceId.', [
        { path: '?targetInstanceId', message: 'must be another instance' },
      ]);
    }
    const rows = await this.instances.findAll([source, target]);
    const errors: FieldError[] = [
      ...(rows.has(source) ? [] : [{ path: '?sourceInstanceId', message: 'is no instance of this hub' }]),
      ...(rows.has(target) ? [] : [{ path: '?targetInstanceId', message: 'is no instance of this hub' }]),
    ];
    if (errors.length > 0) throw Problem.invalid(errors);
  }

  /** By what their configs name; that the sides are right is found out when they are read. */
  private connectionsBetween(
    source: string,
    target: string,
    only: readonly string[],
  ): Promise<readonly { id: string; name: string }[]> {
    return this.database.query(
      `select id, name from connection
       where deleted_at is null and (cardinality($3::uuid[]) = 0 or id = any($3::uuid[]))
         and jsonb_path_exists(config, '$.** ? (@ == $id)', jsonb_build_object('id', $1::text))
         and jsonb_path_exists(config, '$.** ? (@ == $id)', jsonb_build_object('id', $2::text))
       order by name, id`,
      [source, target, only],
    );
  }

  /** What went wrong, where something did. */
  private async collect(
    connectionId: string,
    source: string,
    target: string,
    sides: Readonly<Record<'source' | 'target', Map<string, Named>>>,
  ): Promise<string | undefined> {
    let redact = createRedactor([]);
    try {
      const connection = await this.connections.resolve(connectionId);
      redact = createRedactor(connection.secrets);
      if (connection.connector.people === undefined) return 'its connector cannot tell them';
      await this.people.ask(connection.secrets, LIMIT_MS, async (session) => {
        for (const side of ['left', 'right'] as const) {
          const { instanceId, people } = await membersOf(connection, session, side);
          const into = instanceId === source ? sides.source : instanceId === target ? sides.target : undefined;
          for (const person of people) into?.set(person.username.toLowerCase(), person);
        }
      });
      return undefined;
    } catch (error) {
      return reasonOf(error, redact);
    }
  }

  /** Both directions: who is mapped from there to here needs no suggestion from here to there. */
  private async mappedNames(
    source: string,
    target: string,
  ): Promise<{ source: ReadonlySet<string>; target: ReadonlySet<string> }> {
    const mapped = { source: new Set<string>(), target: new Set<string>() };
    for (const row of await this.store.between(source, target)) {
      const forth = row.source_instance_id === source;
      mapped.source.add((forth ? row.source_username : row.target_username).toLowerCase());
      mapped.target.add((forth ? row.target_username : row.source_username).toLowerCase());
    }
    return mapped;
  }
}

async function membersOf(
  { connector, config }: ResolvedConnection,
  session: Session,
  side: 'left' | 'right',
): Promise<{ instanceId: string | undefined; people: readonly Person[] }> {
  const people: Person[] = [];
  let instanceId: string | undefined;
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const members = await connector.people?.members(session, config, { side, cursor });
    if (members === undefined) break;
    instanceId = members.instanceId;
    people.push(...members.people);
    cursor = members.nextCursor;
    if (cursor === undefined) break;
  }
  return { instanceId, people };
}
