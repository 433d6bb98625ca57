/** Starts of `count` bins of equal width over [from, to), whole milliseconds; fewer where the span has fewer. */
export function binStarts(from: Date, to: Date, count: number): Date[] {
  const span = Math.max(to.getTime() - from.getTime(), 1);
  const bins = Math.min(count, span);
  return Array.from({ length: bins }, (_, bin) => new Date(from.getTime() + Math.floor((bin * span) / bins)));
}
