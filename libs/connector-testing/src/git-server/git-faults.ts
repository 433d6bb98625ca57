/** What can go wrong between a git client and a server. */
export type GitFaultKind =
  /** Hangs up before anything happened. */
  | 'reset_before'
  /** Hangs up after `afterBytes` of the request's body. */
  | 'reset_during'
  /** Everything took effect; the answer is lost. */
  | 'reset_after'
  /** Half of the answer, then silence. */
  | 'cut_body'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'error500'
  | 'unavailable'
  | 'rate_limited'
  /** 203 and a page of HTML, as Azure DevOps answers a token that has expired. */
  | 'sign_in_page'
  /** To `location`, with the path kept. */
  | 'redirect'
  | 'slow'
  /** Is under way until the fault is removed. */
  | 'held';

export interface GitFaultOptions {
  readonly kind: GitFaultKind;
  readonly match?: {
    readonly service?: 'git-upload-pack' | 'git-receive-pack';
    /** `advertise` is the question for refs, `exchange` the transfer of objects. */
    readonly phase?: 'advertise' | 'exchange';
    readonly path?: RegExp;
    /** Only the nth request that matches otherwise, counted from 1. */
    readonly nth?: number;
  };
  /** How often it strikes at most. Default: as often as it matches. */
  readonly times?: number;
  /** For `reset_during`; default 1. */
  readonly afterBytes?: number;
  /** For `slow`. */
  readonly delayMs?: number;
  /** For `rate_limited` (default 1) and `unavailable` (default: none): the header, seconds or a date. */
  readonly retryAfter?: string;
  /** For `redirect`: an origin, or an origin and the beginning of a path. */
  readonly location?: string;
}

export interface GitFault {
  readonly options: GitFaultOptions;
  /** How often it struck. */
  readonly hits: number;
  remove(): void;
}

/** What strikes a request. */
export interface StrikingGitFault extends GitFaultOptions {
  readonly removed: Promise<void>;
}

interface Struck {
  readonly service: string;
  readonly phase: string;
  readonly path: string;
}

class ActiveFault implements GitFault {
  hits = 0;
  readonly removed: Promise<void>;
  private letGo = (): void => undefined;
  private seen = 0;

  constructor(
    readonly options: GitFaultOptions,
    private readonly faults: Set<ActiveFault>,
  ) {
    this.removed = new Promise((resolve) => {
      this.letGo = resolve;
    });
  }

  remove(): void {
    this.faults.delete(this);
    this.letGo();
  }

  strikes(request: Struck): boolean {
    const { match = {}, times = Number.POSITIVE_INFINITY } = this.options;
    if (this.hits >= times) return false;
    if (match.service !== undefined && match.service !== request.service) return false;
    if (match.phase !== undefined && match.phase !== request.phase) return false;
    if (match.path?.test(request.path) === false) return false;
    this.seen += 1;
    if (match.nth !== undefined && match.nth !== this.seen) return false;
    this.hits += 1;
    return true;
  }
}

/** Misbehaviour on request. */
export class GitFaults {
  private readonly active = new Set<ActiveFault>();

  add(options: GitFaultOptions): GitFault {
    const fault = new ActiveFault(options, this.active);
    this.active.add(fault);
    return fault;
  }

  clear(): void {
    for (const fault of this.active) fault.remove();
  }

  /** The first fault that strikes this request. */
  strike(request: Struck): StrikingGitFault | undefined {
    for (const fault of this.active) {
      if (fault.strikes(request)) return { ...fault.options, removed: fault.removed };
    }
    return undefined;
  }
}
