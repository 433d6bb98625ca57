import { ConnectorError, type HttpClient, type PairStore, type SyncSession } from '@syncline/connector-sdk';

/** Calls of a pair's store that change what is stored. */
const storing: ReadonlySet<string> = new Set(['keep', 'claim', 'release', 'commit'] satisfies (keyof PairStore)[]);

const gone = (): ConnectorError => new ConnectorError('interrupted', 'The process is gone.');

/**
 * Where a run meets the world outside: its remote requests and its commits, each with a moment before and one after.
 * At a chosen moment the run dies: nothing that it does from there on reaches anybody.
 */
export class Seam {
  /** What happened at each moment, in order. */
  readonly moments: string[] = [];
  private dead = false;

  /** `dieAt`: counted from 1. `now`: the run's clock. */
  constructor(
    private readonly now: () => Date,
    private readonly dieAt = Number.POSITIVE_INFINITY,
  ) {}

  /** Whether the moment came. */
  get isDead(): boolean {
    return this.dead;
  }

  /** For a process that comes after. */
  next(): Seam {
    return new Seam(this.now);
  }

  around(session: SyncSession): SyncSession {
    const pair = this.guarded(session.pair);
    const clients = new Map<string, HttpClient>();
    return replaced(session, {
      pair,
      now: this.now,
      http: (instance) => {
        const known = clients.get(instance.id) ?? this.client(session.http(instance));
        clients.set(instance.id, known);
        return known;
      },
    });
  }

  private client(remote: HttpClient): HttpClient {
    return {
      request: (request) => this.through(`${request.method} ${request.path}`, () => remote.request(request)),
    };
  }

  private guarded(store: PairStore): PairStore {
    return new Proxy(store, {
      get: (target, name: keyof PairStore) => {
        const call = target[name] as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]): Promise<unknown> => {
          if (storing.has(name)) return this.through(name, () => call.apply(target, args));
          if (this.dead) throw gone();
          return call.apply(target, args);
        };
      },
    });
  }

  private async through<T>(what: string, work: () => Promise<T>): Promise<T> {
    this.pass(`before ${what}`);
    const done = await work();
    this.pass(`after ${what}`);
    return done;
  }

  private pass(moment: string): void {
    if (!this.dead) this.moments.push(moment);
    this.dead ||= this.moments.length === this.dieAt;
    if (this.dead) throw gone();
  }
}

/** An object that behaves as another one does, but for some of its parts. */
function replaced<T extends object>(whole: T, parts: Partial<T>): T {
  return new Proxy(whole, {
    get: (target, name) => {
      if (Object.hasOwn(parts, name)) return parts[name as keyof T];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
