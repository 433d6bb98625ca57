import type { JsonObject } from './json.js';

/** What a connector can do beyond `check` and `sync`; the console offers only what is named. */
export type Capability = 'events' | 'discovery' | 'webhook' | 'plan' | 'links' | 'conflicts' | 'items';

export interface InstanceKind {
  readonly kind: string;
  readonly displayName: string;
  /** The credential fields this kind takes, in form order. */
  readonly credentials: readonly {
    readonly name: 'token' | 'username' | 'password' | 'apiKey';
    readonly label: string;
    readonly help?: string;
    readonly secret?: boolean;
    readonly required?: boolean;
  }[];
  readonly baseUrl: { readonly default?: string; readonly placeholder?: string; readonly help?: string };
}

export interface EventType {
  readonly name: string;
  readonly label: string;
  readonly fields: readonly {
    readonly name: string;
    readonly label: string;
    readonly type: string;
    readonly help?: string;
  }[];
}

/**
 * metadata.json. Everything the host and the console know about a connector without running it.
 *
 * `configSchema` is JSON Schema 2020-12 with these hints:
 * - `x-instance: "<kind>"` on a string: the id of an instance of that kind; the connector gets the `Instance`.
 * - `x-secret: true` on a string: encrypted at rest, write-only in the API.
 * - `x-list: true` on an array of strings: one comma-separated string is accepted as well.
 * - `x-remote: true`: choices come from `discover` with this property's name.
 * - `x-group`, `x-order`, `x-help`, `x-depends-on: {property, value}`: how the form shows it.
 */
export interface ConnectorMetadata {
  readonly id: string;
  readonly displayName: string;
  readonly description: string;
  readonly color: string;
  /** File name of the logo beside metadata.json. */
  readonly logo: string;
  readonly version: string;
  /** Module with the named export `connector`, relative to metadata.json; default `dist/index.js`. */
  readonly entry?: string;
  readonly capabilities: readonly Capability[];
  readonly instanceKinds: readonly InstanceKind[];
  readonly configSchema: JsonObject;
  /**
   * Other names for config keys, e.g. `{"repos": "projects", "token": "instance.credentials.token"}`. A target inside
   * `instance.` makes or finds an instance; `schedule.intervalSeconds` sets the schedule.
   */
  readonly configAliases?: Readonly<Record<string, string>>;
  readonly eventTypes: readonly EventType[];
  readonly defaultIntervalMinutes: number;
  /** How to set it up, in Markdown: shown beside the form. */
  readonly docs: string;
}
