import { markdownBlocks } from './markdown-blocks.js';
import { quickActionNames, substitutions } from './quick-action-names.js';

export interface FoundQuickAction {
  /** Lower case, without the slash. */
  readonly name: string;
  readonly argument: string;
}

export interface ScannedText {
  /** What GitLab would store: without the commands, without carriage returns, without white space at the end. */
  readonly text: string;
  readonly commands: readonly FoundQuickAction[];
}

type Scan = (text: string) => ScannedText;

const lineStart = '(?:^|(?<=\\n))';
const lineEnd = '(?=\\n|$)';
const names = [...quickActionNames, ...Object.keys(substitutions)].sort((left, right) => right.length - left.length);
const command = `${lineStart}/(?<name>${names.join('|')})(?: (?<argument>[^\\n]*))?(?:[ \\t\\f\\v\\n]*\\n|$)`;
const html = `${lineStart}<[^>]+?>\\n[^]+?\\n</[^>]+?>${lineEnd}`;
const beginsWithSlash = /(?:^|\n)\/[A-Za-z]/;

/** Each with what a text must hold for it: looking for an end that is nowhere takes for ever in a long text. */
const codeSpan = [/`/, '`[^]+?`'] as const;
const htmlBlock = [/\n<\//, html] as const;
const fences = [/\n```(?:\n|$)/, `${lineStart}\`\`\`[^]+?\n\`\`\`${lineEnd}`] as const;
const spansOfOldVersions = [/`(?:\n|$)/, `${lineStart}[^\n]*\`\n*[^]+?\n*\`${lineEnd}`] as const;
const quotes = [/\n>>>(?:\n|$)/, `${lineStart}>>>[^]+?\n>>>${lineEnd}`] as const;

/** Commands, and before them whatever hides a command. */
function patternFor(text: string, hiding: readonly (readonly [RegExp, string])[]): RegExp {
  const present = hiding.filter(([sign]) => sign.test(text)).map(([, pattern]) => pattern);
  return new RegExp([...present, command].join('|'), 'gi');
}

/** Takes the quick actions out of a text as versions since 16 do: from ordinary paragraphs only. */
export const scanParagraphs: Scan = (source) => {
  const text = source.replaceAll('\r', '');
  if (!beginsWithSlash.test(text)) return { text: text.trimEnd(), commands: [] };
  const lines = text.split('\n');
  const commands: FoundQuickAction[] = [];
  // From the end, so that the numbers of earlier lines stay right.
  for (const { start, end } of [...markdownBlocks(text).paragraphs].reverse()) {
    // The blank line behind a paragraph goes with its last command.
    const last = end + 2 < lines.length && lines[end + 1] === '' ? end + 1 : end;
    const closed = last < lines.length - 1;
    const paragraph = `${lines.slice(start, last + 1).join('\n')}${closed ? '\n' : ''}`;
    const taken = take(paragraph, patternFor(paragraph, [codeSpan, htmlBlock]));
    commands.unshift(...taken.commands);
    if (taken.text === paragraph) continue;
    const rest = closed && taken.text.endsWith('\n') ? taken.text.slice(0, -1) : taken.text;
    lines.splice(start, last + 1 - start, ...(taken.text === '' ? [] : rest.split('\n')));
  }
  return { text: lines.join('\n').trimEnd(), commands };
};

/** As older versions do: by a pattern over the whole text that knows the usual forms of code and quotes. */
export const scanPattern: Scan = (source) => {
  const text = source.replaceAll('\r', '');
  if (!beginsWithSlash.test(text)) return { text: text.trimEnd(), commands: [] };
  const taken = take(text, patternFor(text, [fences, spansOfOldVersions, htmlBlock, quotes]));
  return { ...taken, text: taken.text.trimEnd() };
};

/** What either of them would execute. */
export const scanEither: Scan = (source) => {
  const first = scanParagraphs(source);
  const second = scanPattern(first.text);
  return { text: second.text, commands: [...first.commands, ...second.commands] };
};

function take(text: string, pattern: RegExp): ScannedText {
  const commands: FoundQuickAction[] = [];
  const rest = text.replace(pattern, (whole: string, ...groups: unknown[]) => {
    const { name, argument = '' } = namedGroups(groups.at(-1));
    if (name === undefined) return whole;
    const found = { name: name.toLowerCase(), argument: argument.trim() };
    commands.push(found);
    const substitute = substitutions[found.name];
    if (substitute === undefined) return '';
    return `${`${found.argument} ${substitute}`.trim()}${whole.endsWith('\n') ? '\n' : ''}`;
  });
  return { text: rest, commands };
}

function namedGroups(value: unknown): { name?: string; argument?: string } {
  if (typeof value !== 'object' || value === null) return {};
  const found: { name?: string; argument?: string } = {};
  if ('name' in value && typeof value.name === 'string') found.name = value.name;
  if ('argument' in value && typeof value.argument === 'string') found.argument = value.argument;
  return found;
}
