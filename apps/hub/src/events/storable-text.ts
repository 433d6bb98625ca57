/** NUL, and every half of a surrogate pair, whether the other half is there or not. */
const MAY_BE_UNSTORABLE = /[\0\uD800-\uDFFF]/;

/**
 * Text as PostgreSQL can hold it. Remote systems answer with NUL characters and halves of surrogate pairs (titles cut by
 * UTF-16 unit); neither fits a text or jsonb column, and one such title must not fail a page.
 */
export function storableText(text: string): string {
  // Nearly every text is fine, and looking is far cheaper than copying.
  if (!MAY_BE_UNSTORABLE.test(text)) return text;
  return text.replace(/\0|\p{Surrogate}/gu, '\uFFFD');
}

/** The value as JSON that fits a jsonb column. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'string') return storableText(item);
    return isRecord(item) ? withStorableKeys(item) : item;
  });
}

function withStorableKeys(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (Object.keys(record).every((key) => storableText(key) === key)) return record;
  return Object.fromEntries(Object.entries(record).map(([key, item]) => [storableText(key), item]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
