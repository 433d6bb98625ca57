const day = 86_400_000;

/** Seconds of `1h 30m`, `2d`, `-1w`; a day has 8 hours, a week 5 days, a month 4 weeks. Undefined where it is no time. */
export function secondsNamed(text: string): number | undefined {
  const units: Readonly<Record<string, number>> = { mo: 576_000, w: 144_000, d: 28_800, h: 3600, m: 60, s: 1 };
  const trimmed = text.trim();
  const sign = trimmed.startsWith('-') ? -1 : 1;
  const parts = trimmed.replace(/^-/, '').match(/\d+(?:\.\d+)?\s*(?:mo|[wdhms])/g);
  if (parts === null || parts.join('').replace(/\s/g, '') !== trimmed.replace(/^-|\s/g, '')) return undefined;
  const seconds = parts.map((part) => Number.parseFloat(part) * (units[part.replace(/[\d.\s]/g, '')] ?? 0));
  return sign * Math.round(seconds.reduce((sum, each) => sum + each, 0));
}

/** `YYYY-MM-DD` of a date, `today`, `tomorrow` or `in 3 days`; undefined where it is none of these. */
export function dateNamed(text: string, now: number): string | undefined {
  const words = text.trim().toLowerCase();
  const plain = /^\d{4}-\d{2}-\d{2}$/.exec(words)?.[0];
  if (plain !== undefined) return Number.isNaN(Date.parse(plain)) ? undefined : plain;
  const distance = /^in (\d{1,4}) (day|week)s?$/.exec(words);
  const days =
    words === 'today'
      ? 0
      : words === 'tomorrow'
        ? 1
        : distance === null
          ? undefined
          : Number(distance[1]) * (distance[2] === 'week' ? 7 : 1);
  return days === undefined ? undefined : new Date(now + days * day).toISOString().slice(0, 10);
}
