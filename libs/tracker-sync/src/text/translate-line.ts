import { markerStart } from './marker.js';
import type { LineRegion } from './regions.js';
import type { TextMap, TextPlace } from './text-map.js';

/**
 * Takes back what an earlier translation in the other direction made of a token, where that is what it came from.
 * `all`: always. Otherwise the tokens that stood in the other side's version of the same lines: what a person typed
 * anew is not ours to take back (an escaped mention must not become a live one).
 */
export type Undo = 'all' | 'none' | ReadonlySet<string>;

/** Invisible, no letter: after an `@` it makes a mention plain text in every place where remotes look for one. */
const breaker = '\u200B';

/**
 * What a text can name, in the order in which it is looked for. An address ends where remotes end it at the latest.
 */
const tokens = new RegExp(
  [
    /(?<url>https?:\/\/(?:(?!&#?\w+;)[A-Za-z0-9\-._~:/?#@!$&+=%])+)/.source,
    /(?<upload>(?:\/-\/project\/\d+)?\/uploads\/[0-9a-f]{32}\/[\p{L}\p{N}_.+-]+)/u.source,
    /(?<mention>(?:@|&(?:#0*64|#[xX]0*40|commat);)\u200B?(?=[\w.-])(?<username>\w(?:[\w.-]*[\w-])?)?)/.source,
    /(?<issue>(?:(?<![\w./-])(?<issuePath>\w[\w.-]*(?:\/\w[\w.-]*)+))?#\u200B?(?<issueKey>\d+)(?!\w))/.source,
    /(?<change>(?:(?<![\w./-])(?<changePath>\w[\w.-]*(?:\/\w[\w.-]*)+))?!\u200B?(?<changeKey>\d+)(?!\w))/.source,
    /(?<sign>&(?:#0*35|#[xX]0*23|num|#0*33|#[xX]0*21|excl);\u200B?(?=\d))/.source,
    /(?<marker><!-- \u200B?syncline:)/.source,
  ].join('|'),
  'gu',
);

/** Every token has one of these in it; most lines of most texts have none. */
const tokenSign = /[@#!&]|https?:|\/uploads\/|<!--/;

const wordEnd = /[\w&/#@%~^$\\-]$/;
/** An `@`, or a character written as an entity, which may be one. */
const signBefore = /(?:@|&#?\w+;)$/;
const signAfter = /^(?:@|&#?\w+;)/;
const addressChar = /^[\w\-/?#=&%@+~]/;

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

interface IssueAddress {
  readonly key: string;
  readonly comment?: string;
  readonly kind: 'issue' | 'change';
  /** Nothing but the address itself, so that it can be written as a short reference. */
  readonly plain: boolean;
}

/** What addresses of a place look like; made once for each. */
interface Addresses {
  readonly item: RegExp;
  readonly upload: RegExp;
}

const addresses = new WeakMap<TextPlace, Addresses>();

function addressesOf(place: TextPlace): Addresses {
  const known = addresses.get(place);
  if (known !== undefined) return known;
  const base = `^${escapeRegExp(place.baseUrl)}`;
  const [path, project] = [`/${escapeRegExp(place.path)}`, `/-/project/${escapeRegExp(place.projectId)}`];
  const made = {
    item: new RegExp(`${base}${path}/(?:-/)?(issues|work_items|merge_requests)/(\\d+)(?:#note_(\\d+))?$`, 'i'),
    upload: new RegExp(`${base}(?:${path}|${project})(/uploads/[0-9a-f]{32}/.+)$`),
  };
  addresses.set(place, made);
  return made;
}

/** Reads an address of an issue (or merge request) of a place. */
function readAddress(url: string, place: TextPlace): IssueAddress | undefined {
  const match = addressesOf(place).item.exec(url);
  if (match === null) return undefined;
  const [, kind, key = '', comment] = match;
  return {
    key,
    kind: kind === 'merge_requests' ? 'change' : 'issue',
    plain: comment === undefined,
    ...(comment !== undefined && { comment }),
  };
}

const changeUrl = (place: TextPlace, path: string, key: string): string =>
  `${place.baseUrl}/${path}/-/merge_requests/${key}`;

/** The part of an address that is no sentence's end. */
function trimAddress(url: string): string {
  return url.replace(/[.,:;!?]+$/, '');
}

/** How many characters on either side of a token are looked at. */
const surroundings = 64;

interface Token {
  readonly text: string;
  readonly before: string;
  readonly after: string;
}

/** May this undo make `original` again? */
const mayUndo = (undo: Undo, original: string): boolean => undo === 'all' || (undo !== 'none' && undo.has(original));

function absoluteUpload(place: TextPlace, reference: string): string {
  if (reference.startsWith('/-/project/')) return `${place.baseUrl}${reference}`;
  return `${place.baseUrl}/-/project/${place.projectId}${reference}`;
}

function translateUpload(reference: string, map: TextMap): string {
  const [, project, relative = ''] = /^(?:\/-\/project\/(\d+))?(\/uploads\/.*)$/.exec(reference) ?? [];
  const copied = project === undefined || project === map.from.projectId ? map.names.upload(relative) : undefined;
  if (copied !== undefined) return copied;
  return map.from.baseUrl === map.to.baseUrl && project !== undefined ? reference : absoluteUpload(map.from, reference);
}

/** How texts of a place name the attachment of this address. */
function ownUploadAddress(url: string, place: TextPlace): string | undefined {
  return addressesOf(place).upload.exec(url)?.[1];
}

function translateUrl(url: string, map: TextMap, undo: Undo): string {
  const backUpload = ownUploadAddress(url, map.to);
  if (backUpload !== undefined && mayUndo(undo, backUpload)) return backUpload;

  const back = readAddress(url, map.to);
  if (back?.plain === true) {
    const short = `${back.kind === 'issue' ? '#' : '!'}${back.key}`;
    if (mayUndo(undo, short)) return short;
    if (mayUndo(undo, `${map.to.path}${short}`)) return `${map.to.path}${short}`;
  }
  const own = readAddress(url, map.from);
  if (own?.kind === 'issue') {
    if (own.comment !== undefined) {
      const comment = map.names.comment(own.key, own.comment);
      if (comment !== undefined) return `${map.to.issueUrl(comment.issueKey)}#note_${comment.id}`;
    } else {
      const linked = map.names.issue(own.key);
      if (linked !== undefined) return map.to.issueUrl(linked);
    }
  }
  const ownUpload = ownUploadAddress(url, map.from);
  const copied = ownUpload === undefined ? undefined : map.names.upload(ownUpload);
  if (copied !== undefined) return absoluteUpload(map.to, copied);
  // An @ in an address is no mention to a careful remote, and one to a careless one; %40 is the same address.
  const unescaped = url.replace(/(?<!\w)%40(?=[\w.-])/gi, '@');
  if (unescaped !== url && mayUndo(undo, unescaped)) return unescaped;
  return url.replace(/(?<!\w)@(?=[\w.-])/g, '%40');
}

function translateMention(token: Token, username: string | undefined, map: TextMap, undo: Undo): string {
  const { text, before, after } = token;
  if (/\w$/.test(before)) return text;
  const bare = text.replace(breaker, '');
  const isBroken = bare !== text;
  if (isBroken && mayUndo(undo, bare)) return bare;
  if (isBroken) return text;
  const escaped = /(?<!\\)(?:\\\\)*\\$/.test(before);
  if (!escaped && text.startsWith('@') && username !== undefined && !after.startsWith('/')) {
    const counterpart = map.names.user(username);
    if (counterpart !== undefined) return `@${counterpart}${text.slice(1 + username.length)}`;
  }
  const sign = username === undefined ? bare : bare.slice(0, bare.length - username.length);
  return `${sign}${breaker}${username ?? ''}`;
}

/** A reference as an address, apart from what would become part of it. */
const asAddress = (url: string, after: string): string => (addressChar.test(after) ? `${url} ` : url);

/** No reference: it belongs to a word, or an address in its place would bring a mention behind it to life. */
function isPartOfWord({ before, after }: Token, path: string | undefined): boolean {
  return (
    signAfter.test(after) || signBefore.test(before) || (path === undefined ? wordEnd : /[\w/@\\.-]$/).test(before)
  );
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1).toLowerCase();

/** Signs that keep us from writing an address, and that remotes do not take for a part of a reference. */
const signBeforeReference = /[@%~^$\\-]$/;

/**
 * `web#1` names an issue of a project beside the text's own, `C#1` none where none is called so; `#1@` and `~#1` are
 * references, but no place for an address. Undefined: nothing is to be broken, and no break is to be taken back.
 */
function breakReference({ text, before, after }: Token, map: TextMap, undo: Undo): string | undefined {
  const bare = text.replace(breaker, '');
  if (bare !== text) return mayUndo(undo, bare) ? bare : text;
  const word = /^[#!]/.test(text) ? (/[\w.-]+$/.exec(before)?.[0].toLowerCase() ?? '') : '';
  const isNeighbour = word !== '' && (word === lastPart(map.from.path) || word === lastPart(map.to.path));
  const isCramped = signAfter.test(after) || signBefore.test(before) || signBeforeReference.test(before);
  return isNeighbour || isCramped ? text.replace(/[#!]/, `$&${breaker}`) : undefined;
}

function translateIssue(token: Token, path: string | undefined, key: string, map: TextMap, undo: Undo): string {
  const { text, after } = token;
  const broken = breakReference(token, map, undo);
  if (broken !== undefined) return broken;
  if (isPartOfWord(token, path)) return text;
  if (path !== undefined && path.toLowerCase() !== map.from.path.toLowerCase()) {
    if (map.from.baseUrl === map.to.baseUrl) return text;
    return asAddress(`${map.from.baseUrl}/${path}/-/issues/${key}`, after);
  }
  const linked = map.names.issue(key);
  if (linked === undefined) return asAddress(map.from.issueUrl(key), after);
  return path === undefined ? `#${linked}` : `${map.to.path}#${linked}`;
}

/** A `#` or `!` that is written as an entity and has a number behind it: remotes read it as a reference all the same. */
function translateSign({ text }: Token, undo: Undo): string {
  const bare = text.replace(breaker, '');
  if (bare !== text) return mayUndo(undo, bare) ? bare : text;
  return `${text}${breaker}`;
}

function translateChange(token: Token, path: string | undefined, key: string, map: TextMap, undo: Undo): string {
  const { text, after } = token;
  const broken = breakReference(token, map, undo);
  if (broken !== undefined) return broken;
  if (isPartOfWord(token, path)) return text;
  if (path !== undefined && map.from.baseUrl === map.to.baseUrl) return text;
  return asAddress(changeUrl(map.from, path ?? map.from.path, key), after);
}

/** Every token of a line of text, as it stands there: what an undo may bring back. */
export function tokensOf(line: string): string[] {
  const found: string[] = [];
  if (!tokenSign.test(line)) return found;
  for (const match of line.matchAll(tokens)) {
    const { url, upload, mention, issue, change, sign, marker } = match.groups ?? {};
    found.push(url === undefined ? (upload ?? mention ?? issue ?? change ?? sign ?? marker ?? '') : trimAddress(url));
  }
  return found;
}

/** Keys of issues of the text's own place that a line names and that have no copy. */
export function ownIssues(line: string, map: TextMap): string[] {
  const keys: string[] = [];
  if (!tokenSign.test(line)) return keys;
  for (const match of line.matchAll(tokens)) {
    const { url, issuePath, issueKey } = match.groups ?? {};
    const address = url === undefined ? undefined : readAddress(trimAddress(url), map.from);
    const own = issuePath === undefined || issuePath.toLowerCase() === map.from.path.toLowerCase();
    const key = address?.kind === 'issue' ? address.key : own ? issueKey : undefined;
    if (key !== undefined && map.names.issue(key) === undefined) keys.push(key);
  }
  return keys;
}

/** What a text of a place names, to be looked up before it is translated. */
export interface NamedThings {
  readonly issues: ReadonlySet<string>;
  /** `<issue key>#<comment id>`. */
  readonly comments: ReadonlySet<string>;
}

/** Everything a text names in either place: a way back may need the other one. */
export function namedThings(text: string, places: readonly TextPlace[]): NamedThings {
  const [issues, comments] = [new Set<string>(), new Set<string>()];
  if (!tokenSign.test(text)) return { issues, comments };
  for (const match of text.matchAll(tokens)) {
    const { url, issueKey } = match.groups ?? {};
    if (issueKey !== undefined) issues.add(issueKey);
    if (url === undefined) continue;
    for (const place of places) {
      const address = readAddress(trimAddress(url), place);
      if (address?.kind !== 'issue') continue;
      issues.add(address.key);
      if (address.comment !== undefined) comments.add(`${address.key}#${address.comment}`);
    }
  }
  return { issues, comments };
}

/** References to attachments of the text's own place. */
export function ownUploads(line: string, place: TextPlace): string[] {
  const found: string[] = [];
  if (!line.includes('/uploads/')) return found;
  for (const match of line.matchAll(tokens)) {
    const { url, upload } = match.groups ?? {};
    const reference = upload ?? url;
    if (reference === undefined) continue;
    const [, project, relative = ''] = /^(?:\/-\/project\/(\d+))?(\/uploads\/.*)$/.exec(reference) ?? [];
    const absolute = url === undefined ? undefined : ownUploadAddress(trimAddress(url), place);
    if (absolute !== undefined) found.push(absolute);
    else if (relative !== '' && (project === undefined || project === place.projectId)) found.push(relative);
  }
  return found;
}

/** A slash a remote could take for a command: at the start of a line, after nothing that shows. */
const leadingSlash = /(^|[\u2028\u2029\u0085\v\f])([ \uFEFF\u200B-\u200D\u2060]{0,3})\//gu;
const escapedSlash = /(^|[\u2028\u2029\u0085\v\f])([ \uFEFF\u200B-\u200D\u2060]{0,3})\\\//gu;

/** Takes the life out of a command, wherever the line comes from. */
export function escapeCommand(line: string, region: LineRegion): string {
  return region.fenced ? line : line.replace(leadingSlash, '$1$2\\/');
}

const brokenMarker = `<!-- ${breaker}syncline:`;

function translateText(text: string, before: string, after: string, map: TextMap, undo: Undo): string {
  if (!tokenSign.test(text)) return text;
  return text.replace(tokens, (...args: unknown[]) => {
    // The last two arguments are the whole string and the named groups; the one before them is the offset.
    const groups = args.at(-1) as Readonly<Record<string, string | undefined>>;
    const offset = args.at(-3) as number;
    const found = args[0] as string;
    const token: Token = {
      text: found,
      before: offset === 0 ? before : text.slice(Math.max(0, offset - surroundings), offset),
      after: text.slice(offset + found.length, offset + found.length + surroundings) || after,
    };
    const {
      url,
      upload,
      mention,
      username,
      issue,
      issuePath,
      issueKey = '',
      change,
      changePath,
      changeKey = '',
      sign,
    } = groups;
    if (url !== undefined) {
      const address = trimAddress(url);
      return `${translateUrl(address, map, undo)}${url.slice(address.length)}`;
    }
    if (upload !== undefined)
      return /[\w\\]$/.test(token.before) || signBefore.test(token.before) ? found : translateUpload(upload, map);
    if (mention !== undefined) return translateMention(token, username, map, undo);
    if (issue !== undefined) return translateIssue(token, issuePath, issueKey, map, undo);
    if (change !== undefined) return translateChange(token, changePath, changeKey, map, undo);
    if (sign !== undefined) return translateSign(token, undo);
    const broken = found !== markerStart;
    return broken && mayUndo(undo, markerStart) ? markerStart : brokenMarker;
  });
}

/** One line in the other side's words: nothing in it is a command, and what it names is the right thing over there. */
export function translateLine(line: string, region: LineRegion, map: TextMap, undo: Undo): string {
  if (region.fenced) {
    return mayUndo(undo, markerStart)
      ? line.replaceAll(brokenMarker, markerStart)
      : line.replaceAll(markerStart, brokenMarker);
  }
  let result = '';
  let at = 0;
  const around = (start: number, end: number): string => line.slice(Math.max(0, start), end);
  for (const [start, end] of region.spans) {
    const [before, after] = [around(at - surroundings, at), around(start, start + surroundings)];
    result += translateText(line.slice(at, start), before, after, map, undo) + line.slice(start, end);
    at = end;
  }
  result += translateText(line.slice(at), around(at - surroundings, at), '', map, undo);
  return undo === 'all' ? result.replace(escapedSlash, '$1$2/') : escapeCommand(result, region);
}
