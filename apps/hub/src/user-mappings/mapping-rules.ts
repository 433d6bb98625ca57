import { Injectable } from '@nestjs/common';
import { type FieldError, Problem } from '../http/problem.js';
import { InstanceStore } from '../instances/instance-store.js';
import { PeopleLookup } from './people-lookup.js';
import type { UserPair } from './user-mapping-row.js';

export interface CheckedPair {
  /** With the usernames as the remotes write them, where they could be asked. */
  readonly pair: UserPair;
  /** Sentences about what could not be looked up. */
  readonly warnings: readonly string[];
}

/**
 * What may be a mapping: two different instances of this hub and a user on each. A user who does not exist is refused
 * where the remote can be asked; where it cannot, the mapping is taken with a warning, because a remote that is down
 * must not keep people from their work.
 */
@Injectable()
export class MappingRules {
  constructor(
    private readonly instances: InstanceStore,
    private readonly people: PeopleLookup,
  ) {}

  /** Throws a `Problem` 422 that names every field that is wrong. Asks the remotes, so never inside a transaction. */
  async check(pair: UserPair): Promise<CheckedPair> {
    const ids = { source: pair.sourceInstanceId.toLowerCase(), target: pair.targetInstanceId.toLowerCase() };
    if (ids.source === ids.target) {
      throw Problem.invalid([
        {
          path: '/targetInstanceId',
          message: 'must be another instance than sourceInstanceId: nobody needs a mapping at home',
        },
      ]);
    }
    const rows = await this.instances.findAll([ids.source, ids.target]);
    const unknown = (['source', 'target'] as const)
      .filter((side) => !rows.has(ids[side]))
      .map((side): FieldError => ({ path: `/${side}InstanceId`, message: 'is no instance of this hub' }));
    if (unknown.length > 0) throw Problem.invalid(unknown);
    return this.lookUp(pair, ids, rows);
  }

  private async lookUp(
    pair: UserPair,
    ids: Readonly<Record<'source' | 'target', string>>,
    rows: Awaited<ReturnType<InstanceStore['findAll']>>,
  ): Promise<CheckedPair> {
    const errors: FieldError[] = [];
    const warnings: string[] = [];
    const known = { source: pair.sourceUsername, target: pair.targetUsername };
    const look = async (side: 'source' | 'target'): Promise<void> => {
      const row = rows.get(ids[side]);
      if (row === undefined) return;
      const lookup = await this.people.find(row, [known[side]]);
      if (!lookup.asked) {
        warnings.push(`"${known[side]}" was not checked: ${lookup.reason}.`);
        return;
      }
      const person = lookup.found.get(known[side].toLowerCase());
      if (person === undefined) errors.push({ path: `/${side}Username`, message: `is no user of "${row.name}"` });
      else known[side] = person.username;
    };
    await Promise.all([look('source'), look('target')]);
    if (errors.length > 0) throw Problem.invalid(errors);
    return { pair: { ...pair, sourceUsername: known.source, targetUsername: known.target }, warnings };
  }
}
