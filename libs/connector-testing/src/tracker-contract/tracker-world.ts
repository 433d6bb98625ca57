import type { IssueFields, Tracker } from '@syncline/connector-sdk';

/** One project of a tracker with people at work in it, as the cases of the contract see it. */
export interface TrackerWorld {
  /** Our tracker; a new one for each run, as in a host. */
  tracker(): Tracker;
  /** What people do there, not we. */
  readonly people: {
    /** Somebody who may be assigned. */
    readonly username: string;
    createIssue(fields: Partial<Omit<IssueFields, 'milestone'>> & { title: string }): Promise<string>;
    editIssue(key: string, fields: Partial<Omit<IssueFields, 'milestone'>>): Promise<void>;
    deleteIssue(key: string): Promise<void>;
    /** Returns its id. */
    comment(issueKey: string, body: string): Promise<string>;
  };
  /** The next write takes effect and its answer is lost. */
  loseNextAnswer(): void;
  close(): Promise<void>;
}
