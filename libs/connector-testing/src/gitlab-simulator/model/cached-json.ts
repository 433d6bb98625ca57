/**
 * The serialised form of an object, kept with the object. A page of a hundred merge requests is then a join of a hundred
 * strings. It is thrown away by a change of the object, and for all objects at once by a new epoch (a project was renamed).
 */
export interface CachedJson {
  json?: { readonly epoch: number; readonly text: string };
}

export function cachedJson<T extends CachedJson>(item: T, epoch: number, build: (item: T) => unknown): string {
  const known = item.json;
  if (known !== undefined && known.epoch === epoch) return known.text;
  const text = JSON.stringify(build(item));
  item.json = { epoch, text };
  return text;
}
