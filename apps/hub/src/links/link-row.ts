import type { JsonObject, Link, LinkKind, LinkRef, LinkState } from '@syncline/connector-sdk';

/** The columns of `link` that say what is linked. */
export interface LinkSidesRow {
  readonly left_instance: string | null;
  readonly left_project: string | null;
  readonly left_key: string | null;
  readonly left_url: string | null;
  readonly left_title: string | null;
  readonly right_instance: string | null;
  readonly right_project: string | null;
  readonly right_key: string | null;
  readonly right_url: string | null;
  readonly right_title: string | null;
}

/** A row of `link` as the driver returns it. */
export interface LinkRow extends LinkSidesRow {
  readonly id: string;
  readonly connection_id: string;
  readonly kind: LinkKind;
  readonly state: LinkState;
  readonly baseline: { readonly left?: JsonObject; readonly right?: JsonObject };
  readonly last_synced_at: Date | null;
  readonly created_at: Date;
}

/** What a connector reads. A link without any baseline has none, rather than an empty one. */
export function mapLink(row: LinkRow): Link {
  const { baseline } = row;
  const known = baseline.left !== undefined || baseline.right !== undefined;
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    ...definedRefs(row),
    ...(known ? { baseline } : {}),
  };
}

export function definedRefs(row: LinkSidesRow): { left?: LinkRef; right?: LinkRef } {
  const left = ref(row.left_instance, row.left_project, row.left_key, row.left_url, row.left_title);
  const right = ref(row.right_instance, row.right_project, row.right_key, row.right_url, row.right_title);
  return { ...(left ? { left } : {}), ...(right ? { right } : {}) };
}

function ref(
  instanceId: string | null,
  projectId: string | null,
  key: string | null,
  url: string | null,
  title: string | null,
): LinkRef | undefined {
  if (instanceId === null || projectId === null || key === null) return undefined;
  return { instanceId, projectId, key, ...(url === null ? {} : { url }), ...(title === null ? {} : { title }) };
}
