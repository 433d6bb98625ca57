import type { JsonObject, LinkKind, LinkRef, LinkState } from '@syncline/connector-sdk';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { definedRefs, type LinkRow } from './link-row.js';

export const LINK_KINDS: readonly LinkKind[] = ['issue', 'comment', 'milestone', 'label', 'attachment', 'ref'];
export const LINK_STATES: readonly LinkState[] = ['intended', 'active', 'conflicted', 'severed', 'gone'];
const ACTIONS = ['created', 'updated', 'skipped', 'retried', 'conflicted', 'severed'] as const;

export class LinkRefView implements LinkRef {
  @ApiProperty()
  instanceId: string;

  @ApiProperty()
  projectId: string;

  @ApiProperty({ description: "iid of an issue, '<iid>#<note id>' of a comment, name of a ref" })
  key: string;

  @ApiPropertyOptional()
  url?: string;

  @ApiPropertyOptional()
  title?: string;
}

class LinkSideView extends LinkRefView {
  @ApiPropertyOptional({
    nullable: true,
    type: String,
    description: 'Of a link of kind ref: what the ref pointed at when it was last looked at; null where there is none.',
  })
  sha?: string | null;
}

/** A link as the API shows it. A side that is still to be made is absent. */
export class LinkView {
  @ApiProperty()
  id: string;

  @ApiProperty()
  connectionId: string;

  @ApiProperty({ enum: LINK_KINDS })
  kind: LinkKind;

  @ApiProperty({ enum: LINK_STATES })
  state: LinkState;

  @ApiPropertyOptional({ type: LinkSideView })
  left?: LinkSideView;

  @ApiPropertyOptional({ type: LinkSideView })
  right?: LinkSideView;

  @ApiPropertyOptional({ description: 'Of a link of kind ref whose sides differ: diverged, rewritten, refused, ...' })
  outcome?: string;

  @ApiPropertyOptional({ description: 'The sentence about the outcome.' })
  reason?: string;

  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  lastSyncedAt: string | null;
}

export class LinkHistoryView {
  @ApiProperty({ format: 'date-time' })
  at: string;

  @ApiProperty({ nullable: true, type: String, description: 'Null where a person did it.' })
  runId: string | null;

  @ApiProperty({ enum: ACTIONS })
  action: (typeof ACTIONS)[number];

  @ApiPropertyOptional({ enum: ['left', 'right'] })
  side?: 'left' | 'right';

  @ApiPropertyOptional()
  field?: string;

  @ApiProperty()
  reason: string;
}

export class LinkDetailView extends LinkView {
  @ApiProperty({ type: [LinkHistoryView], description: 'Oldest first; the newest 1,000 lines.' })
  history: LinkHistoryView[];
}

export class LinkList {
  @ApiProperty({ type: [LinkView] })
  items: readonly LinkView[];

  @ApiProperty({ nullable: true, type: String })
  nextCursor: string | null;
}

export function toLinkView(row: LinkRow): LinkView {
  return {
    id: row.id,
    connectionId: row.connection_id,
    kind: row.kind,
    state: row.state,
    ...definedRefs(row),
    ...(row.kind === 'ref' ? refDetails(row) : {}),
    lastSyncedAt: row.last_synced_at?.toISOString() ?? null,
  };
}

/** What a connector of code notes of both sides of a ref. */
function refDetails(row: LinkRow): Pick<LinkView, 'left' | 'right' | 'outcome' | 'reason'> {
  const { left, right } = definedRefs(row);
  const { outcome, reason } = row.baseline.right ?? {};
  return {
    ...(left === undefined ? {} : { left: { ...left, ...shaOf(row.baseline.left) } }),
    ...(right === undefined ? {} : { right: { ...right, ...shaOf(row.baseline.right) } }),
    ...(typeof outcome === 'string' ? { outcome } : {}),
    ...(typeof reason === 'string' ? { reason } : {}),
  };
}

function shaOf(side: JsonObject | undefined): { readonly sha?: string | null } {
  const sha = side?.['sha'];
  return typeof sha === 'string' || sha === null ? { sha } : {};
}
