import type { JsonObject, JsonValue } from './json.js';
import type { LinkKind, LinkRef, LinkSide } from './links.js';
import type { Places } from './pair-store.js';
import type { Session, UserMappings } from './session.js';

/** An item as it is now, with what makes it an original. */
export interface FoundItem {
  readonly ref: LinkRef;
  /** The place it is in, as `PairStore.keep` names it. */
  readonly place: string;
  /** The origin it has where it is no copy: `LinkOrigin.key` and `.data`. */
  readonly origin: { readonly key: string; readonly data: JsonObject };
}

/** A field of two linked items as it is now, in the form of conflicts. */
export interface RereadField {
  readonly left: JsonValue;
  readonly right: JsonValue;
  /** Whether the engine would take them for the same, user mappings and texts considered. */
  readonly agree: boolean;
}

/** What people ask of a connection that keeps two systems in step, outside runs. Nothing here writes. */
export interface Pairing<TConfig = JsonObject> {
  /**
   * Which two places a config names, without asking anybody: by id or, in one form, by path. Two connections with the
   * same two are refused. `undefined`: the config does not tell.
   */
  places(config: TConfig): Places | undefined;
  /** One item of a side by its key; undefined: there is none. Throws `ConnectorError` where that cannot be told. */
  find(
    session: Session,
    config: TConfig,
    item: { readonly kind: LinkKind; readonly side: LinkSide; readonly key: string },
  ): Promise<FoundItem | undefined>;
  /** Reads one field of two linked items again. Throws `ConnectorError` where one of them is gone. */
  reread(
    session: Session & UserMappings,
    config: TConfig,
    link: { readonly kind: LinkKind; readonly left: LinkRef; readonly right: LinkRef },
    field: string,
  ): Promise<RereadField>;
}
