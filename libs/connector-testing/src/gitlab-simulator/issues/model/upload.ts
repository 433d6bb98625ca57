import type { User } from '../../model/people.js';

/** An attached file. Whoever knows project, secret and name, and may see the project, may fetch it. */
export interface Upload {
  readonly id: number;
  /** 32 hex digits. */
  readonly secret: string;
  /** Sanitised: blanks and other unfriendly characters are underscores. */
  readonly filename: string;
  readonly bytes: Buffer;
  readonly uploader: User;
  readonly createdAt: number;
}
