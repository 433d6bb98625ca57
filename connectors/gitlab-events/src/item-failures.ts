import { ConnectorError, type SetAside } from '@syncline/connector-sdk';
import type { PageItem } from '@syncline/gitlab';

/**
 * That many objects of one page may answer with 5xx, broken or too late; more of them, and it is the remote that is ill,
 * not the object.
 */
const mostIllObjects = 3;

/** Objects of one page that could not be read: each is set aside, unless there are so many that the remote is to blame. */
export class ItemFailures {
  readonly setAside: SetAside[] = [];
  private ill = 0;

  /** Takes what concerns this object alone; throws everything else. */
  add(item: string, error: unknown): void {
    const failure = ConnectorError.from(error);
    const isIll = failure.kind === 'transient';
    if (failure.kind !== 'permanent' && !isIll) throw failure;
    if (isIll) this.ill += 1;
    if (this.ill > mostIllObjects) throw failure;
    this.setAside.push({ item, error: failure });
  }

  /** The readable items of a page; the others are set aside under the id of the event they would have been. */
  readable<T>(items: readonly PageItem<T>[], eventId: (key: string) => string): T[] {
    return items.flatMap((item) => {
      if (item.ok) return [item.value];
      this.add(eventId(item.id), item.error);
      return [];
    });
  }
}
