import type { RereadField } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { Problem } from '../http/problem.js';
import { definedRefs } from '../links/link-row.js';
import { PairQuestions } from '../links/pair-questions.js';
import type { ConflictWithLink } from './conflict-view.js';

/** Reads both sides of a conflict again, for people who fixed it at the remotes. */
@Injectable()
export class ConflictRereads {
  constructor(private readonly questions: PairQuestions) {}

  /** Asks the remotes. Throws a `Problem`, or what the connector throws. */
  async read(row: ConflictWithLink): Promise<RereadField> {
    const { left, right } = definedRefs(row);
    const pair = await this.questions.of(row.connection_id);
    if (pair === undefined || left === undefined || right === undefined) {
      throw Problem.invalid([
        {
          path: '/choice',
          message: 'cannot be fixed: the connector cannot read both sides again; choose a side or a value',
        },
      ]);
    }
    const link = { kind: row.kind, left, right };
    return pair.ask((pairing, session, config) => pairing.reread(session, config, link, row.field));
  }
}
