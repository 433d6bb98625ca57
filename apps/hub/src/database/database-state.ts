import { Injectable } from '@nestjs/common';

type Listener = () => void | Promise<void>;

/**
 * Whether the database has been reached, migrated and checked since the start. It stays `ready` when the server goes
 * away later: work in progress then fails by itself and resumes; only the first connection starts anything.
 */
@Injectable()
export class DatabaseState {
  private reached = false;
  private readonly listeners: Listener[] = [];
  private readonly gate: Promise<void>;
  private open!: () => void;
  private refuse!: (error: Error) => void;
  /** What went wrong last while it was not ready, for people. */
  problem: string | undefined;

  constructor() {
    this.gate = new Promise((resolve, reject) => {
      this.open = resolve;
      this.refuse = reject;
    });
    this.gate.catch(() => undefined);
  }

  get ready(): boolean {
    return this.reached;
  }

  /** Rejects when the hub cannot start on this database at all, e.g. because the secret key is another one. */
  whenReady(): Promise<void> {
    return this.gate;
  }

  /** Called once, at once if it is ready already. Listeners run in order of registration, one after the other. */
  onReady(listener: Listener): void {
    if (this.reached) void this.gate.then(listener);
    else this.listeners.push(listener);
  }

  /** Runs the listeners; whoever waits goes on after them. */
  async markReady(): Promise<void> {
    this.reached = true;
    this.problem = undefined;
    for (const listener of this.listeners.splice(0)) await listener();
    this.open();
  }

  markRefused(error: Error): void {
    this.problem = error.message;
    this.refuse(error);
  }
}
