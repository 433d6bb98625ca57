/** The secrets of an instance, decrypted. Never log, store or put one into a URL. */
export interface Credentials {
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
  readonly apiKey?: string;
}

/** A remote system as an administrator configured it, resolved and decrypted by the host. */
export interface Instance {
  readonly id: string;
  /** Names the kind of system, e.g. `gitlab`; one of the `instanceKinds` a connector's metadata.json declares. */
  readonly kind: string;
  readonly name: string;
  /** Absolute URL without a trailing slash; may carry a path prefix (`https://corp.example/gitlab`). */
  readonly baseUrl: string;
  readonly credentials: Credentials;
  /** PEM; trusted in addition to the system's roots. */
  readonly caCertificate?: string;
  readonly proxyUrl?: string;
  readonly limits?: {
    /** Our own ceiling; the remote's answers may slow us down further. */
    readonly requestsPerMinute?: number;
    /** The longest we wait for the remote inside one run before the run ends with `rate_limit`. */
    readonly maxBackoffMinutes?: number;
  };
  /** The remote account behind the credentials, once a check has seen it: remotes limit accounts, not tokens. */
  readonly accountId?: string;
}
