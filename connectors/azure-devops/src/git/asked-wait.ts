import type { Readable } from 'node:stream';

/** Makes git tell the headers of its requests on a descriptor of its own; it masks credentials by itself. */
export const headerTrace: Readonly<Record<string, string>> = {
  GIT_TRACE_CURL: '3',
  GIT_TRACE_CURL_NO_DATA: '1',
  GIT_TRACE_REDACT: '1',
};

const longestLine = 4_096;

/**
 * How long a server asks git to stay away: git's own words do not say. Of what git tells, nothing is kept but this time.
 */
export class AskedWait {
  private rest = '';
  private isRefusal = false;
  private value: string | undefined;

  /** Reads the trace until it ends. */
  listen(trace: Readable): void {
    trace.setEncoding('latin1').on('data', (text: string) => {
      const lines = `${this.rest}${text}`.split('\n');
      this.rest = (lines.pop() ?? '').slice(-longestLine);
      for (const line of lines) this.take(line);
    });
    // git may end without having opened it.
    trace.on('error', () => undefined);
  }

  /** In milliseconds from then, as the last refusal said it; undefined where none did. */
  since(now: Date): number | undefined {
    if (this.value === undefined) return undefined;
    if (/^\d{1,7}$/.test(this.value)) return Number(this.value) * 1_000;
    const at = Date.parse(this.value);
    return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
  }

  private take(line: string): void {
    const [, header = ''] = /<= Recv header: (.*)$/.exec(line.trimEnd()) ?? [];
    const [, status] = /^HTTP\/[\d.]+ (\d{3})/i.exec(header) ?? [];
    if (status !== undefined) this.isRefusal = status === '429' || status === '503';
    const [, value] = /^retry-after:\s*(.{1,40})$/i.exec(header) ?? [];
    if (value !== undefined && this.isRefusal) this.value = value.trim();
  }
}
