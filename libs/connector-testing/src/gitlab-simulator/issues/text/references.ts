import { markdownBlocks } from './markdown-blocks.js';

export interface IssueReference {
  /** As written: nothing for `#12`, `web` for `web#12`, `acme/web` for `acme/web#12`. */
  readonly path: string | undefined;
  readonly iid: number;
}

export interface TextReferences {
  /** What stands behind an `@`: a user, a group's path, or `all`. */
  readonly names: readonly string[];
  readonly issues: readonly IssueReference[];
  /** Absolute addresses. */
  readonly urls: readonly string[];
}

/** Those that can stand for a sign of ours. */
const entities = /&#(\d{1,7});|&#x([0-9a-f]{1,6});|&commat;|&num;/gi;

const none: TextReferences = { names: [], issues: [], urls: [] };

/** Stands where a character was that cannot be part of a reference any more. */
const wall = '\u{F0000}';
const segment = '[A-Za-z0-9_.](?:[A-Za-z0-9_\\-.]{0,253}[A-Za-z0-9_\\-])?';
const userReference = new RegExp(`(?<!\\w)@(${segment}(?:/${segment})*)`, 'g');
const issueReference = new RegExp(`(?<![\\w#&/])((?:${segment}/)*${segment})?#(\\d+)(?![\\w-])`, 'g');

/**
 * Whom and what a text refers to, outside of code, comments and links. A backslash before the sign hides it, an HTML
 * entity does not: GitLab decodes those first. Source: lib/banzai/filter/references/*.rb
 */
export function textReferences(source: string): TextReferences {
  if (!/[@#&]|:\/\//.test(source)) return none;
  const visible = withoutCode(source.replaceAll('\r', ''));
  const urls: string[] = [];
  const linkless = visible
    .replace(/\\([!-/:-@[-`{-~])/g, wall)
    .replace(entities, decoded)
    .replace(/\[(?:[^[\]]|\[[^[\]]*\])*\]\(([^()\s]*(?:\([^()]*\)[^()\s]*)*)[^)]*\)/g, (_, target: string) => {
      if (/^https?:/i.test(target)) urls.push(target);
      return wall;
    });
  return found(linkless, urls);
}

/**
 * The same of a title, which is no Markdown: neither a backslash nor code hides anything there. Entities are decoded as in
 * texts: what is one already is not escaped again (`html_escape_once`). Source: lib/banzai/pipeline/single_line_pipeline.rb,
 * lib/banzai/filter/html_entity_filter.rb, `attr_mentionable :title` in app/models/concerns/issuable.rb
 */
export function titleReferences(title: string): TextReferences {
  return /[@#&]|:\/\//.test(title) ? found(title.replace(entities, decoded), []) : none;
}

export function allReferences(...parts: readonly TextReferences[]): TextReferences {
  return {
    names: unique(parts.flatMap(({ names }) => names)),
    issues: parts.flatMap(({ issues }) => issues),
    urls: unique(parts.flatMap(({ urls }) => urls)),
  };
}

function found(source: string, linked: readonly string[]): TextReferences {
  const urls = [...linked];
  const text = source.replace(/https?:\/\/[^\s<>"')\]]+/gi, (url) => {
    urls.push(url.replace(/[.,;:!?]+$/, ''));
    return wall;
  });
  return {
    names: unique([...text.matchAll(userReference)].map((match) => match[1] ?? '')),
    issues: [...text.matchAll(issueReference)].map((match) => ({ path: match[1], iid: Number(match[2]) })),
    urls: unique(urls),
  };
}

/** Without code blocks, code spans and comments; everything else stays where it is. */
function withoutCode(text: string): string {
  const { hidden } = markdownBlocks(text);
  const lines = text.split('\n').map((line, number) => (hidden.has(number) ? '' : line));
  return lines
    .join('\n')
    .replace(/<!--[^]*?-->/g, wall)
    .replace(/(?<![`\\])(`+)(?!`)(?:(?!\n[ \t]*\n)[^])*?(?<!`)\1(?!`)/g, wall)
    .replace(/<\/?[A-Za-z][^<>]*>/g, wall);
}

function decoded(entity: string, decimal: string | undefined, hexadecimal: string | undefined): string {
  if (/^&commat;$/i.test(entity)) return '@';
  if (/^&num;$/i.test(entity)) return '#';
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '0', 16) : Number(decimal);
  return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : wall;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
