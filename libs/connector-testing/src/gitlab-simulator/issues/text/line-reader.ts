/** A position in one line, in columns: tabs reach to the next multiple of four. */
export class LineReader {
  private at = 0;
  private column = 0;
  /** Columns of a tab that were not used up yet. */
  private spare = 0;

  constructor(private readonly line: string) {}

  get blank(): boolean {
    return this.line.slice(this.at).trim() === '';
  }

  /** Columns of white space ahead. */
  get indent(): number {
    let columns = this.spare;
    let { column } = this;
    column += this.spare;
    for (let at = this.at; at < this.line.length; at += 1) {
      const character = this.line.charAt(at);
      if (character === ' ') {
        columns += 1;
        column += 1;
      } else if (character === '\t') {
        const width = 4 - (column % 4);
        columns += width;
        column += width;
      } else break;
    }
    return columns;
  }

  /** What follows the white space. */
  get text(): string {
    return this.line.slice(this.at).replace(/^[ \t]+/, '');
  }

  /** Passes over that many columns of white space, or fewer where there are fewer. */
  skipColumns(count: number): void {
    let left = count;
    while (left > 0) {
      if (this.spare > 0) {
        this.spare -= 1;
        this.column += 1;
        left -= 1;
        continue;
      }
      const character = this.line.charAt(this.at);
      if (character === ' ') {
        this.column += 1;
        left -= 1;
      } else if (character === '\t') {
        this.spare = 4 - (this.column % 4);
      } else return;
      this.at += 1;
    }
  }

  skipCharacters(count: number): void {
    this.at += count;
    this.column += count;
    this.spare = 0;
  }
}
