import { ConnectorError } from '@syncline/connector-sdk';

/**
 * How many git processes may run at once in this hub, over all connections: packing a large repository takes a core and
 * much memory, and fifty at once would take the machine.
 */
export class ProcessSlots {
  private taken = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly most: number) {}

  /** Resolves with the way out when it is our turn; throws `interrupted` when the signal fires first. */
  async enter(signal: AbortSignal): Promise<() => void> {
    if (this.taken < this.most) this.taken += 1;
    else await this.turn(signal);
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      const next = this.waiting.shift();
      if (next === undefined) this.taken -= 1;
      else next();
    };
  }

  private turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        const index = this.waiting.indexOf(go);
        if (index >= 0) this.waiting.splice(index, 1);
        reject(new ConnectorError('interrupted', 'The run was stopped while it waited for git'));
      };
      const go = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      if (signal.aborted) {
        onAbort();
        return;
      }
      signal.addEventListener('abort', onAbort, { once: true });
      this.waiting.push(go);
    });
  }
}

const defaultSlots = 4;

/** `GIT_PROCESSES` in the environment, 1 to 64. */
function configuredSlots(): number {
  const wanted = Number(process.env['GIT_PROCESSES'] ?? '');
  return Number.isInteger(wanted) && wanted >= 1 && wanted <= 64 ? wanted : defaultSlots;
}

/** Shared by all connections of this process. */
export const processSlots = new ProcessSlots(configuredSlots());
