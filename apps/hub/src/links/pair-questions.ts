import {
  ConnectorError,
  type JsonObject,
  type Pairing,
  type Session,
  type UserMappings,
} from '@syncline/connector-sdk';
import { createRedactor } from '@syncline/remote-http';
import { Injectable } from '@nestjs/common';
import { ConnectionSource } from '../connections/connection-source.js';
import { CheckRunner } from '../instances/check-runner.js';
import { UserMap } from '../user-mappings/user-map.js';

/** A connection that can be asked about its items. */
export interface AskablePair {
  /** Throws `ConnectorError`, whatever the connector throws. */
  ask<T>(question: (pairing: Pairing, session: Session & UserMappings, config: JsonObject) => Promise<T>): Promise<T>;
}

/** Asks connectors about single items of their pairs, outside runs. Never inside a transaction. */
@Injectable()
export class PairQuestions {
  constructor(
    private readonly connections: ConnectionSource,
    private readonly checks: CheckRunner,
    private readonly userMap: UserMap,
  ) {}

  /** Undefined: its connector answers no such questions. Throws where the connection cannot be used. */
  async of(connectionId: string): Promise<AskablePair | undefined> {
    const { connector, config, secrets } = await this.connections.resolve(connectionId);
    const { pairing } = connector;
    if (pairing === undefined) return undefined;
    const redact = createRedactor(secrets);
    return {
      ask: async (question) => {
        try {
          return await this.checks.call(secrets, (session) =>
            question(pairing, { ...session, userMappings: (from, to) => this.userMap.between(from, to) }, config),
          );
        } catch (error) {
          const { kind, message, hint, retryAt, path } = ConnectorError.from(error);
          const shown = { hint: hint && redact(hint), retryAt, path, cause: error };
          throw new ConnectorError(kind, redact(message), shown);
        }
      },
    };
  }
}
