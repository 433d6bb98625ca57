import type { FoundItem, LinkRef, LinkSide } from '@syncline/connector-sdk';
import { Injectable } from '@nestjs/common';
import { type FieldError, Problem } from '../http/problem.js';
import { InstanceStore } from '../instances/instance-store.js';
import type { HandLink } from './hand-links.js';
import type { NewLinkDto, NewLinkRefDto } from './link.dto.js';
import { type AskablePair, PairQuestions } from './pair-questions.js';

const SIDES: readonly LinkSide[] = ['left', 'right'];

/** Looks at two items before they are linked: a link to nothing would wait for ever. */
@Injectable()
export class LinkedItems {
  constructor(
    private readonly questions: PairQuestions,
    private readonly instances: InstanceStore,
  ) {}

  /** Asks the remotes, so never inside a transaction. Throws a `Problem`, or what the connector throws. */
  async find(wanted: NewLinkDto): Promise<HandLink> {
    const { kind } = wanted;
    const pair = await this.askable(wanted);
    if (pair === undefined) return this.asWritten(wanted);
    const [left, right] = await pair.ask((pairing, session, config) => {
      const find = (side: LinkSide) => pairing.find(session, config, { kind, side, key: wanted[side].key });
      return Promise.all([find('left'), find('right')]);
    });
    const errors = [...faults('left', kind, wanted.left, left), ...faults('right', kind, wanted.right, right)];
    if (errors.length > 0 || left === undefined || right === undefined) throw Problem.invalid(errors);
    return { kind, left: left.ref, right: right.ref, found: { left, right } };
  }

  /** Where everything is written, a connection that cannot be used just now is no hindrance. */
  private async askable({ connectionId, left, right }: NewLinkDto): Promise<AskablePair | undefined> {
    try {
      return await this.questions.of(connectionId);
    } catch (error) {
      if (completeRef(left) && completeRef(right)) return undefined;
      throw error;
    }
  }

  private async asWritten({ kind, left, right }: NewLinkDto): Promise<HandLink> {
    const refs = { left: requireRef(left, 'left'), right: requireRef(right, 'right') };
    const known = await this.instances.findAll([refs.left.instanceId, refs.right.instanceId]);
    const errors = SIDES.filter((side) => !known.has(refs[side].instanceId.toLowerCase())).map((side): FieldError => ({
      path: `/${side}/instanceId`,
      message: 'is no instance of this hub',
    }));
    if (errors.length > 0) throw Problem.invalid(errors);
    return { kind, ...refs };
  }
}

function completeRef({ instanceId, projectId }: NewLinkRefDto): boolean {
  return instanceId !== undefined && projectId !== undefined;
}

function faults(
  side: LinkSide,
  kind: string,
  wanted: NewLinkRefDto,
  found: FoundItem | undefined,
): readonly FieldError[] {
  if (found === undefined) return [{ path: `/${side}/key`, message: `is no ${kind} on the ${side} side` }];
  return (['instanceId', 'projectId'] as const)
    .filter((field) => wanted[field] !== undefined && wanted[field] !== found.ref[field])
    .map((field) => ({ path: `/${side}/${field}`, message: `is not what the connection has on its ${side} side` }));
}

function requireRef({ key, instanceId, projectId }: NewLinkRefDto, side: LinkSide): LinkRef {
  if (instanceId !== undefined && projectId !== undefined) return { instanceId, projectId, key };
  const missing = (['instanceId', 'projectId'] as const)
    .filter((field) => (field === 'instanceId' ? instanceId : projectId) === undefined)
    .map((field): FieldError => ({ path: `/${side}/${field}`, message: 'is required' }));
  throw Problem.invalid(missing);
}
