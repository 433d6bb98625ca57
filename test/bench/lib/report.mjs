import { arch, cpus, platform, release, totalmem } from 'node:os';

/** Where and when the figures below were measured. */
export function header(title) {
  const [cpu] = cpus();
  const where = `${cpus().length} x ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${release()} ${arch()}`;
  console.log(`\n## ${title}\n\n${new Date().toISOString().slice(0, 10)}, ${where}, Node ${process.version}\n`);
}

/** A Markdown table; numbers to the right. */
export function table(columns, rows) {
  const cells = [columns, ...rows.map((row) => row.map(format))];
  const widths = columns.map((_, index) => Math.max(1, ...cells.map((row) => row[index].length)));
  const line = (row) =>
    `| ${row.map((cell, index) => (index ? cell.padStart(widths[index]) : cell.padEnd(widths[index]))).join(' | ')} |`;
  const rule = `| ${widths.map((width, index) => (index ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`;
  console.log([line(cells[0]), rule, ...cells.slice(1).map(line)].join('\n'));
}

const format = (value) => {
  if (typeof value !== 'number') return String(value ?? '');
  return Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(Math.abs(value) < 10 ? 2 : 1);
};

export const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
