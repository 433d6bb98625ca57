/** Longer runs are cut; a SHA-256 in hexadecimal still fits. Both sides cut alike, so a long word finds itself. */
const LONGEST_WORD = 64;

/** Words an event is found by. The first count: title, author and sha come before the description. */
const MOST_WORDS = 400;

/**
 * The distinct words of these texts: runs of letters, marks and digits of any script, lower-cased. Cut here and not by
 * the server's text search, whose parser tears hexadecimal names apart and whose letters depend on a locale.
 */
export function searchWords(texts: readonly (string | undefined)[], most = MOST_WORDS): string[] {
  const words = new Set<string>();
  for (const text of texts) {
    for (const run of runsOf(text ?? '')) {
      if (words.size >= most) return [...words];
      words.add(cut(run));
    }
  }
  return [...words];
}

/** A `tsquery` that wants all words of `q` as prefixes; undefined if it has none. */
export function searchQuery(q: string): string | undefined {
  const words = searchWords([q]);
  // Letters and digits only, so that nothing in a quoted lexeme needs escaping.
  return words.length === 0 ? undefined : words.map((word) => `'${word}':*`).join(' & ');
}

const ASCII = /^[\0-\x7F]*$/;

/** Most texts are ASCII, where folding and the classes of Unicode come down to this. */
function runsOf(text: string): readonly string[] {
  const runs = ASCII.test(text) ? text.toLowerCase().match(/[a-z0-9]+/g) : fold(text).match(/[\p{L}\p{M}\p{N}]+/gu);
  return runs ?? [];
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** Never through the middle of a surrogate pair. */
function cut(word: string): string {
  return word.length <= LONGEST_WORD ? word : word.slice(0, LONGEST_WORD).replace(/\p{Surrogate}/gu, '');
}
