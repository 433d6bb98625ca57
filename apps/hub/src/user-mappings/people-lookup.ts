import { ConnectorError, type Instance, type Person, type Session } from '@syncline/connector-sdk';
import { createRedactor } from '@syncline/remote-http';
import { Injectable } from '@nestjs/common';
import { Catalog } from '../catalog/catalog.js';
import { secretsOf } from '../instances/instance-secrets.js';
import { InstanceStore } from '../instances/instance-store.js';
import type { InstanceEntity } from '../instances/instance.entity.js';
import { SessionFactory } from '../runs/session-factory.js';

/** Who exists, by username in lower case; or why nobody could be asked. */
export type Lookup =
  | { readonly asked: true; readonly found: ReadonlyMap<string, Person> }
  | { readonly asked: false; readonly reason: string };

/** Whoever waits for the answer does not wait longer. */
export const LOOKUP_LIMIT_MS = 15_000;

/** Asks remotes who exists there. A remote that does not answer is an answer, too. */
@Injectable()
export class PeopleLookup {
  constructor(
    private readonly catalog: Catalog,
    private readonly instances: InstanceStore,
    private readonly sessions: SessionFactory,
  ) {}

  async find(row: InstanceEntity, usernames: readonly string[], limitMs = LOOKUP_LIMIT_MS): Promise<Lookup> {
    const connector = this.catalog.withInstanceKind(row.kind).find((entry) => entry.connector.people !== undefined);
    const people = connector?.connector.people;
    if (people === undefined) return { asked: false, reason: `no connector can look up users of "${row.name}"` };
    let redact = createRedactor([]);
    try {
      const instance: Instance = this.instances.reveal(row);
      const secrets = secretsOf([instance]);
      redact = createRedactor(secrets);
      const found = await this.ask(secrets, limitMs, (session) => people.find(session, instance, usernames));
      return { asked: true, found: new Map(found.map((person) => [person.username.toLowerCase(), person])) };
    } catch (error) {
      return { asked: false, reason: `users of "${row.name}" could not be looked up: ${reasonOf(error, redact)}` };
    }
  }

  /** Calls the connector with a session that ends after the limit. Throws what the connector throws. */
  async ask<T>(secrets: readonly string[], limitMs: number, work: (session: Session) => Promise<T>): Promise<T> {
    const limit = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new ConnectorError('transient', `No answer within ${limitMs / 1_000} seconds.`));
        limit.abort();
      }, limitMs);
    });
    try {
      return await Promise.race([work(this.sessions.forCall(secrets, limit.signal)), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

export function reasonOf(error: unknown, redact: (text: string) => string): string {
  const { message } = ConnectorError.from(error);
  return redact(message).replace(/\.$/, '');
}
