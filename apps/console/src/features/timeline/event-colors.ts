import type { EventType } from '../../api/types.js';

const palette = ['indigo', 'teal', 'orange', 'grape', 'cyan', 'pink', 'lime', 'yellow'];

/** Event types keep their colour by their place among all declared types; one that nobody declares is gray. */
export function typeColor(name: string, types: readonly EventType[]): string {
  const index = types.findIndex((type) => type.name === name);
  return index < 0 ? 'gray' : (palette[index % palette.length] ?? 'gray');
}

export function typeLabel(name: string, types: readonly EventType[]): string {
  return types.find((type) => type.name === name)?.label ?? name;
}

const statusColors: Record<string, string> = {
  success: 'teal',
  succeeded: 'teal',
  passed: 'teal',
  merged: 'grape',
  published: 'teal',
  failed: 'red',
  error: 'red',
  running: 'blue',
  opened: 'blue',
  open: 'blue',
  pending: 'yellow',
  canceled: 'gray',
  cancelled: 'gray',
  closed: 'gray',
};

/** Statuses are the remote's own words; those many systems share have a colour, others are gray. */
export function statusColor(status: string): string {
  return statusColors[status.toLowerCase()] ?? 'gray';
}
