import type { LinkKind, LinkRef, LinkState } from '@syncline/connector-sdk';
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

  @ApiPropertyOptional({ type: LinkRefView })
  left?: LinkRefView;

  @ApiPropertyOptional({ type: LinkRefView })
  right?: LinkRefView;

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
    lastSyncedAt: row.last_synced_at?.toISOString() ?? null,
  };
}
