/**
 * A place in the order in which changes became visible: the transaction that wrote them, then the number of the change.
 * Transactions first, because a number that was drawn early may be committed late.
 */
export interface FeedPosition {
  readonly tx: bigint;
  readonly seq: bigint;
}

export function isAfter(a: FeedPosition, b: FeedPosition): boolean {
  return a.tx > b.tx || (a.tx === b.tx && a.seq > b.seq);
}

export function formatPosition({ tx, seq }: FeedPosition): string {
  return `${tx}.${seq}`;
}

/** Undefined for what no feed gave out: such a reader starts with what comes next. */
export function parsePosition(text: string | undefined): FeedPosition | undefined {
  const match = /^(\d{1,18})\.(\d{1,18})$/.exec(text ?? '');
  return match?.[1] && match[2] ? { tx: BigInt(match[1]), seq: BigInt(match[2]) } : undefined;
}
