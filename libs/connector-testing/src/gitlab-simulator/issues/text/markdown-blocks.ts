import {
  closesFence,
  closesQuoteFence,
  fenceAt,
  htmlAt,
  isBreak,
  isHeading,
  listMarkerAt,
  quoteFenceAt,
  underlinesHeading,
  type Fence,
  type HtmlBlock,
} from './block-starts.js';
import { LineReader } from './line-reader.js';

/** Lines counted from 0, both inclusive. */
export interface LineRange {
  readonly start: number;
  end: number;
}

export interface MarkdownBlocks {
  /** Paragraphs that are in no quote and no list. What is in doubt, such as the rows of a table, counts as one. */
  readonly paragraphs: readonly LineRange[];
  /** Lines that are code or a comment, wherever they are. */
  readonly hidden: ReadonlySet<number>;
}

type Container =
  | { readonly kind: 'quote' }
  | { readonly kind: 'item'; readonly width: number }
  | { readonly kind: 'quote fence'; readonly length: number };
type Leaf =
  { readonly kind: 'paragraph'; readonly range: LineRange } | { readonly kind: 'indented' } | Fence | HtmlBlock;

/** Finds out which lines are ordinary text, by the block structure of CommonMark with GitLab's `>>>` and front matter. */
export function markdownBlocks(text: string): MarkdownBlocks {
  return new BlockScanner(text.split('\n')).scan();
}

class BlockScanner {
  private readonly paragraphs: LineRange[] = [];
  private readonly hidden = new Set<number>();
  private stack: Container[] = [];
  private leaf: Leaf | undefined;

  constructor(private readonly lines: readonly string[]) {}

  scan(): MarkdownBlocks {
    for (let number = this.frontMatter(); number < this.lines.length; number += 1) this.line(number);
    return { paragraphs: this.paragraphs, hidden: this.hidden };
  }

  /** How many lines stand before the text. */
  private frontMatter(): number {
    const delimiter = /^(---|\+\+\+|;;;)[^\S\n]*\w*[ \t]*$/.exec(this.lines[0] ?? '')?.[1];
    if (delimiter === undefined) return 0;
    const end = this.lines.findIndex((line, number) => number > 0 && line.trimEnd() === delimiter);
    for (let number = 0; number <= end; number += 1) this.hidden.add(number);
    return end < 0 ? 0 : end + 1;
  }

  private line(number: number): void {
    const reader = new LineReader(this.lines[number] ?? '');
    const matched = this.enter(reader);
    if (matched === 'closed') return;
    const inside = matched === this.stack.length;
    if (inside && this.continueLeaf(reader, number)) return;
    if (this.start(reader, number, matched)) return;
    this.addText(reader, number);
  }

  /** How many open containers the line belongs to. */
  private enter(reader: LineReader): number | 'closed' {
    for (const [depth, container] of this.stack.entries()) {
      const { indent, text } = reader;
      if (container.kind === 'quote') {
        if (indent > 3 || !text.startsWith('>')) return depth;
        this.passQuoteMark(reader);
      } else if (container.kind === 'item') {
        if (!reader.blank && indent < container.width) return depth;
        reader.skipColumns(container.width);
      } else if (indent <= 3 && closesQuoteFence(container.length, text)) {
        this.stack.length = depth;
        this.leaf = undefined;
        return 'closed';
      }
    }
    return this.stack.length;
  }

  /** Whether the line goes on with code or HTML that is open. */
  private continueLeaf(reader: LineReader, number: number): boolean {
    const { leaf } = this;
    if (leaf === undefined || leaf.kind === 'paragraph') return false;
    if (leaf.kind === 'fence') {
      this.hidden.add(number);
      if (reader.indent <= 3 && closesFence(leaf, reader.text)) this.leaf = undefined;
      return true;
    }
    if (leaf.kind === 'indented') {
      if (!reader.blank && reader.indent < 4) {
        this.leaf = undefined;
        return false;
      }
      this.hidden.add(number);
      return true;
    }
    return this.continueHtml(leaf, reader, number);
  }

  private continueHtml(leaf: HtmlBlock, reader: LineReader, number: number): boolean {
    if (leaf.end === null && reader.blank) {
      this.leaf = undefined;
      return false;
    }
    if (leaf.end?.source === '-->') this.hidden.add(number);
    if (leaf.end?.test(reader.text) === true) this.leaf = undefined;
    return true;
  }

  /** Opens whatever begins on this line; true where nothing of it is left for a paragraph. */
  private start(reader: LineReader, number: number, matched: number): boolean {
    let depth = matched;
    const open = (): void => {
      this.stack.length = depth;
      this.leaf = undefined;
    };
    for (;;) {
      if (reader.blank) {
        open();
        return true;
      }
      const paragraph = this.leaf?.kind === 'paragraph';
      const { text } = reader;
      if (reader.indent > 3) {
        if (paragraph) return false;
        open();
        this.leaf = { kind: 'indented' };
        this.hidden.add(number);
        return true;
      }
      const quoteFence = quoteFenceAt(text);
      if (quoteFence !== undefined && this.closedLater(number, quoteFence)) {
        open();
        this.stack.push({ kind: 'quote fence', length: quoteFence });
        return true;
      }
      if (text.startsWith('>')) {
        open();
        this.stack.push({ kind: 'quote' });
        depth += 1;
        this.passQuoteMark(reader);
        continue;
      }
      if (paragraph && depth === this.stack.length && underlinesHeading(text)) {
        if (this.stack.length === 0) this.paragraphs.pop();
        this.leaf = undefined;
        return true;
      }
      if (isHeading(text) || isBreak(text)) {
        open();
        return true;
      }
      const leaf = fenceAt(text) ?? htmlAt(text, paragraph);
      if (leaf !== undefined) {
        open();
        this.openLeaf(leaf, text, number);
        return true;
      }
      const marker = listMarkerAt(text, paragraph);
      if (marker === undefined) {
        if (depth < this.stack.length && !paragraph) open();
        return false;
      }
      open();
      this.stack.push({ kind: 'item', width: this.passMarker(reader, marker) });
      depth += 1;
    }
  }

  private openLeaf(leaf: Fence | HtmlBlock, text: string, number: number): void {
    const comment = leaf.kind === 'html' && leaf.end?.source === '-->';
    if (leaf.kind === 'fence' || comment) this.hidden.add(number);
    const atOnce = leaf.kind === 'html' && leaf.end?.test(comment ? text.slice(4) : text) === true;
    if (!atOnce) this.leaf = leaf;
  }

  private addText(reader: LineReader, number: number): void {
    if (this.leaf?.kind === 'paragraph') {
      this.leaf.range.end = number;
      return;
    }
    const range = { start: number, end: number };
    this.leaf = { kind: 'paragraph', range };
    if (this.stack.length === 0) this.paragraphs.push(range);
  }

  private passQuoteMark(reader: LineReader): void {
    reader.skipColumns(reader.indent);
    reader.skipCharacters(1);
    reader.skipColumns(1);
  }

  /** The width that the item's further lines must be indented by. */
  private passMarker(reader: LineReader, marker: number): number {
    const before = reader.indent;
    reader.skipColumns(before);
    reader.skipCharacters(marker);
    const after = reader.indent;
    const padding = reader.blank || after > 4 ? 1 : after;
    reader.skipColumns(padding);
    return before + marker + padding;
  }

  private closedLater(number: number, length: number): boolean {
    return this.lines.some((line, at) => at > number && closesQuoteFence(length, line.trim()));
  }
}
