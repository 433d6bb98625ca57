import { FIELDS, type UserPair } from './user-mapping-row.js';

/** The table that the import reads; instances as they are given, by id or by name. */
export function toMappingCsv(pairs: readonly UserPair[]): string {
  return [FIELDS, ...pairs.map((pair) => FIELDS.map((field) => cell(pair[field])))]
    .map((cells) => `${cells.join(',')}\r\n`)
    .join('');
}

/** In quotes where a reader could take it for several values; the semicolon separates in some spreadsheets. */
const cell = (text: string): string => (/[",;\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
