/** Runs `work` so often, one after the other, and returns milliseconds, ascending. */
export async function timesOf(runs, work) {
  const times = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await work(run);
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b);
}

export const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
export const ms = (value) => value.toFixed(value < 10 ? 1 : 0);

/** A Markdown table, so that what is printed can stand in the documentation. */
export function table(headers, rows) {
  const all = [headers, ...rows].map((row) => row.map(String));
  const widths = headers.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const [head, ...body] = all.map(line);
  return [head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body].join('\n');
}
