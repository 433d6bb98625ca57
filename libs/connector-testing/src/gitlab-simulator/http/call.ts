import type { Site } from '../entities/site.js';
import type { AccessToken, User } from '../model/people.js';
import type { World } from '../world/world.js';
import type { Parameters } from './parameters.js';
import { notFound } from './reply.js';

/** One authenticated request on its way through a handler. */
export class Call {
  constructor(
    readonly world: World,
    readonly site: Site,
    readonly token: AccessToken,
    readonly user: User,
    readonly method: string,
    /** As sent, below `/api/v4`. */
    readonly path: string,
    /** Decoded parts of the path, by their names in the route. */
    private readonly pathParts: Readonly<Record<string, string>>,
    readonly parameters: Parameters,
  ) {}

  part(name: string): string {
    const value = this.pathParts[name];
    if (value === undefined) throw new Error(`the route has no :${name}`);
    return value;
  }

  /** A part that can only be a number; anything else is nothing anybody has. */
  numericPart(name: string, what?: string): number {
    const value = this.part(name);
    if (!/^\d+$/.test(value)) throw notFound(what);
    return Number(value);
  }
}
