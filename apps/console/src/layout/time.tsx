import { formatAge, formatDateTime } from './format-time.js';
import { useNow } from './use-now.js';

/** A time in the reader's zone; the tooltip has it in UTC. `age` adds how long ago it was, `only-age` shows just that. */
export function Time({ at, show = 'time' }: { at: string; show?: 'time' | 'age' | 'only-age' }) {
  const now = useNow(show !== 'time');
  const utc = new Date(at)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');
  const local = formatDateTime(at);
  const text = show === 'time' ? local : show === 'age' ? `${local} (${formatAge(at, now)})` : formatAge(at, now);
  return (
    <time dateTime={at} title={show === 'only-age' ? `${local} · ${utc}` : utc} style={{ whiteSpace: 'nowrap' }}>
      {text}
    </time>
  );
}
