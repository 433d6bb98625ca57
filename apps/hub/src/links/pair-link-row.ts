import type { JsonObject, KnownCopy, LinkSide, PairLink } from '@syncline/connector-sdk';
import { definedRefs, type LinkRow } from './link-row.js';

/** A row of `link` with what connectors that keep two systems in step have noted. */
export interface PairLinkRow extends LinkRow {
  readonly parent_id: string | null;
  readonly origin_key: string | null;
  readonly origin_side: LinkSide | null;
  readonly place_key: string | null;
  readonly origin: JsonObject | null;
  readonly intent: JsonObject | null;
  readonly awaits: readonly string[] | null;
}

export function mapPairLink(row: PairLinkRow): PairLink {
  const { origin_key: key, origin_side: side, place_key: place } = row;
  const baseline: JsonObject = { ...row.baseline };
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    ...definedRefs(row),
    ...(row.parent_id === null ? {} : { parentId: row.parent_id }),
    ...(key === null || side === null || place === null
      ? {}
      : { origin: { key, side, place, data: row.origin ?? {} } }),
    ...(row.intent === null ? {} : { intent: row.intent }),
    ...(Object.keys(baseline).length === 0 ? {} : { baseline }),
    ...(row.awaits === null ? {} : { awaits: row.awaits }),
  };
}

/** As `jsonb_to_recordset` reads it in the statements that write links. */
export function pairLinkRecord(link: PairLink): object {
  const { id, kind, state, left, right, origin } = link;
  return {
    id,
    kind,
    state,
    left_ref: left,
    right_ref: right,
    parent_id: link.parentId,
    origin_key: origin?.key,
    origin_side: origin?.side,
    place_key: origin?.place,
    origin: origin?.data,
    intent: link.intent,
    awaits: link.awaits,
    baseline: link.baseline,
  };
}

export interface CopyRow {
  readonly link_id: string;
  readonly connection_id: string;
  readonly origin_key: string | null;
  readonly origin: JsonObject | null;
  readonly copy_key: string | null;
  /** Where it was asked for: was its connection deleted? */
  readonly orphaned?: boolean;
}

export function mapCopy(row: CopyRow): KnownCopy {
  return {
    originKey: row.origin_key ?? '',
    origin: row.origin ?? {},
    linkId: row.link_id,
    connectionId: row.connection_id,
    ...(row.copy_key === null ? {} : { key: row.copy_key }),
    ...(row.orphaned === true && { orphaned: true }),
  };
}
