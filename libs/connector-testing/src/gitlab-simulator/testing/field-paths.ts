/** Where a value has fields: `a`, `a.b`, `list[].c`. */
export function fieldPaths(value: unknown, prefix = ''): Set<string> {
  const found = new Set<string>();
  if (Array.isArray(value)) {
    for (const item of value) for (const path of fieldPaths(item, `${prefix}[]`)) found.add(path);
    return found;
  }
  if (typeof value !== 'object' || value === null) return found;
  for (const [name, child] of Object.entries(value)) {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    found.add(path);
    for (const deeper of fieldPaths(child, path)) found.add(deeper);
  }
  return found;
}

/**
 * Fields of the simulator that no recording has and no reason excuses. A reason covers a path and the fields below it;
 * `*.locked` covers that field wherever it is.
 */
export function unexplained(
  ours: ReadonlySet<string>,
  recorded: ReadonlySet<string>,
  reasons: Readonly<Record<string, string>>,
): string[] {
  const excused = Object.keys(reasons);
  const covers = (known: string, path: string): boolean =>
    known.startsWith('*.')
      ? path.endsWith(known.slice(1))
      : path === known || path.startsWith(`${known}.`) || path.startsWith(`${known}[]`);
  return [...ours].filter((path) => !recorded.has(path) && !excused.some((known) => covers(known, path)));
}
