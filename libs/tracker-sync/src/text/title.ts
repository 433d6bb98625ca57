/**
 * Titles. Remotes look for people and for other issues in them without knowing Markdown there: neither a backslash nor
 * backticks hide anything, and entities are decoded. What does: an invisible character behind the sign. Sources, of
 * GitLab: `attr_mentionable :title` in app/models/concerns/issuable.rb, lib/banzai/pipeline/single_line_pipeline.rb.
 *
 * A hash of a commit stays as it is: whoever has that commit has the same one.
 */

const breaker = '\u200B';

/** Where a title could name something of the place it stands in. */
const signs = new RegExp(
  [
    // A person or a group; behind a letter it is an e-mail address, or a commit of another project.
    /(?<!\w)@(?=[\w.-])/,
    /(?<=[\w.-])@(?=[0-9a-f]{7})/,
    // An issue, a merge request; an epic, or an entity that stands for any of the signs; another sign of an issue.
    /[#!](?=\d)/,
    /&(?=\d|#|[a-z]\w*;)/,
    /GL-(?=\d)/,
    /\[\w+:(?=[\w./-]+\])/,
    /https?:(?=\/\/\S{1,2000}\/(?:issues|work_items|merge_requests|epics|commit)\/)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gi',
);

/** Behind any of the signs, whatever follows: a title may have been cut off. */
const broken = /(@|#|!|&|GL-|\[\w+:|https?:)\u200B+/gi;

/** Longer than anything a title can hold is no name. */
const nameLength = 255;

/** The whole of what a sign names, so that `web#12` is not taken for `#12`. */
function nameAt(title: string, start: number): string {
  const [path = ''] = /[\w./-]*$/.exec(title.slice(Math.max(0, start - nameLength), start)) ?? [];
  const [rest = ''] = /^\S*/.exec(title.slice(start, start + nameLength)) ?? [];
  return path + rest.replace(/[.,:;!?)\]]+$/, '');
}

/** A title as people wrote it, without what `defuseTitle` added: the form in which titles are compared. */
export function plainTitle(title: string): string {
  return title.replace(broken, '$1');
}

/**
 * A title that names nobody and nothing. Reading it back with `plainTitle` gives the plain form of the title; doing it
 * twice is doing it once.
 *
 * `before`: the title that stands there now. What is alive in it stays alive, as it tells nobody anew.
 */
export function defuseTitle(title: string, before = ''): string {
  const plain = plainTitle(title);
  const alive = new Set([...before.matchAll(signs)].map(({ index }) => nameAt(before, index)));
  return plain.replace(signs, (sign: string, at: number) =>
    alive.size > 0 && alive.has(nameAt(plain, at)) ? sign : sign + breaker,
  );
}

/** As much of a title as fits, with a sign that something is missing. */
export function cutTitle(title: string, length: number): string {
  if (title.length <= length) return title;
  // Neither half a character nor a breaker with nothing behind it.
  const kept = title.slice(0, length - 1).replace(/(?:[\uD800-\uDBFF]|\u200B+)$/, '');
  return `${kept}…`;
}
