import { CsvError, parse } from 'csv-parse/sync';
import { Problem } from '../http/problem.js';
import { cleanUsername, type Field, FIELDS, type UserPair, usernameFault } from './user-mapping-row.js';

/** A line that could be read. Instances as they were written: by id or by name. */
export interface CsvMapping {
  readonly line: number;
  readonly pair: UserPair;
}

export interface LineError {
  readonly line: number;
  readonly message: string;
}

export interface ReadCsv {
  readonly mappings: readonly CsvMapping[];
  readonly errors: readonly LineError[];
}

const MOST_LINES = 20_000;
const DELIMITERS = [',', ';', '\t'];

/**
 * Reads a table with the four names as its header, in any order. A broken line is an error of its own and touches no
 * other. Throws a `Problem` where nothing can be read.
 */
export function readMappingCsv(bytes: Uint8Array): ReadCsv {
  const lines = decode(bytes).split(/\r\n|\n|\r/);
  const first = lines.findIndex((line) => line.trim() !== '');
  const header = lines[first];
  if (header === undefined) throw refused(`The file is empty. Its first line must be ${FIELDS.join(',')}.`);
  if (lines.length > MOST_LINES) {
    throw refused(`The file has ${lines.length} lines; ${MOST_LINES} are allowed. Import it in parts.`);
  }
  const delimiter = DELIMITERS.find((candidate) => header.includes(candidate)) ?? ',';
  const columns = readHeader(header, delimiter);
  const mappings: CsvMapping[] = [];
  const errors: LineError[] = [];
  for (const [index, text] of lines.entries()) {
    const line = index + 1;
    if (index <= first || text.trim() === '') continue;
    const read = readLine(text, delimiter, columns);
    if (typeof read === 'string') errors.push({ line, message: read });
    else mappings.push({ line, pair: read });
  }
  return { mappings, errors };
}

/** UTF-8, with or without a byte order mark, or UTF-16 with one, as spreadsheets write it. */
function decode(bytes: Uint8Array): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw refused('The file is not UTF-8 text. Save it as "CSV UTF-8".');
  }
}

function readHeader(text: string, delimiter: string): readonly Field[] {
  const cells = cellsOf(text, delimiter);
  if (typeof cells === 'string') throw refused(`The header cannot be read: ${cells}.`);
  const isField = (name: string): name is Field => FIELDS.some((field) => field === name);
  const missing = FIELDS.filter((field) => !cells.includes(field));
  if (cells.length !== FIELDS.length || missing.length > 0 || !cells.every(isField)) {
    const lacks = missing.length > 0 ? `; ${missing.join(' and ')} is missing` : '';
    throw refused(`The first line must be ${FIELDS.join(',')}${lacks}.`);
  }
  return cells;
}

/** The line's mapping, or what is wrong with it. */
function readLine(text: string, delimiter: string, columns: readonly Field[]): UserPair | string {
  const cells = cellsOf(text, delimiter);
  if (typeof cells === 'string') return cells;
  if (cells.length !== columns.length) {
    return `has ${cells.length} ${cells.length === 1 ? 'column' : 'columns'}; ${columns.length} are needed: ${columns.join(', ')}`;
  }
  const value = (field: Field): string => cells[columns.indexOf(field)] ?? '';
  const pair = {
    sourceInstanceId: value('sourceInstanceId'),
    sourceUsername: cleanUsername(value('sourceUsername')),
    targetInstanceId: value('targetInstanceId'),
    targetUsername: cleanUsername(value('targetUsername')),
  };
  for (const field of FIELDS) {
    const fault = usernameFault(pair[field]);
    if (fault !== undefined) return `${field} ${fault}`;
  }
  return pair;
}

/** Line by line, because no value here can span lines: a quote that is left open ends with its line. */
function cellsOf(text: string, delimiter: string): readonly string[] | string {
  try {
    const [cells] = parse(text, { delimiter, trim: true, relax_column_count: true });
    return cells ?? [];
  } catch (error) {
    if (error instanceof CsvError) return sentences[error.code] ?? 'cannot be read as CSV';
    throw error;
  }
}

const sentences: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'opens a quote (") and does not close it',
  CSV_INVALID_CLOSING_QUOTE: 'goes on after a closing quote ("); write a quote inside a quoted value twice ("")',
  INVALID_OPENING_QUOTE:
    'has a quote (") inside a value; put the whole value in quotes and write the inner quote twice',
};

const refused = (sentence: string): Problem => Problem.invalid([], sentence);
