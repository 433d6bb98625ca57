import type { NameMap, TextMap, TextPlace } from '../src/text/index.js';

const place = (baseUrl: string, path: string, projectId: string): TextPlace => ({
  baseUrl,
  path,
  projectId,
  issueUrl: (key) => `${baseUrl}/${path}/-/issues/${key}`,
});

export const leftPlace = place('https://left.example/gitlab', 'acme/web', '7');
export const rightPlace = place('https://right.example', 'mirror/web', '19');

const uploadOf = (digit: string): string => `/uploads/${digit.repeat(32)}/log.txt`;

/** Issues 1 to 9 on the left are 11 to 19 on the right; nora is norah there; one file was copied. */
const toRight: NameMap = {
  issue: (key) => (/^[1-9]$/.test(key) ? `1${key}` : undefined),
  comment: (issueKey, id) => (issueKey === '1' && id === '33' ? { issueKey: '11', id: '1033' } : undefined),
  user: (username) => (username.toLowerCase() === 'nora' ? 'norah' : undefined),
  upload: (reference) => (reference === uploadOf('a') ? uploadOf('b') : undefined),
};

const toLeft: NameMap = {
  issue: (key) => (/^1[1-9]$/.test(key) ? key.slice(1) : undefined),
  comment: (issueKey, id) => (issueKey === '11' && id === '1033' ? { issueKey: '1', id: '33' } : undefined),
  user: (username) => (username.toLowerCase() === 'norah' ? 'nora' : undefined),
  upload: (reference) => (reference === uploadOf('b') ? uploadOf('a') : undefined),
};

export const there: TextMap = { from: leftPlace, to: rightPlace, names: toRight };
export const back: TextMap = { from: rightPlace, to: leftPlace, names: toLeft };
