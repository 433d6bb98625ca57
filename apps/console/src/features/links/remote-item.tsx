import { Text } from '@mantine/core';
import type { LinkRef } from '../../api/sync-types.js';
import { ExternalLink } from '../../layout/external-link.js';
import type { SideName } from './sides.js';

/** Numbers read as issues do everywhere, `12#7` as a comment of one; names of branches stay names. */
export function keyText(key: string): string {
  const [, issue, comment] = /^(\d+)(?:#(.+))?$/.exec(key) ?? [];
  if (issue === undefined) return key;
  return comment === undefined ? `#${issue}` : `Comment on #${issue}`;
}

/** An item where it lives: a link to it, and where that is. */
export function RemoteItem({ item, side }: { item?: LinkRef; side: SideName }) {
  return (
    <div style={{ minWidth: 0 }}>
      {item === undefined ? (
        <Text size="sm" c="dimmed">
          Not made yet
        </Text>
      ) : (
        <ExternalLink href={item.url}>
          {keyText(item.key)}
          {item.title !== undefined && ` ${item.title}`}
        </ExternalLink>
      )}
      <Text size="xs" c="dimmed" className="wrap-anywhere">
        {side.place ?? side.label}
      </Text>
    </div>
  );
}
