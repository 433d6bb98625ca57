/**
 * The serialised form of an object, kept with the object. A page of a hundred merge requests is then a copy of a hundred
 * pieces. It is thrown away by a change of the object, and for all objects at once by a new epoch (a project was renamed).
 */
export interface CachedJson {
  json?: { readonly epoch: number; readonly bytes: Buffer };
}

export function cachedJson<T extends CachedJson>(item: T, epoch: number, build: (item: T) => unknown): Buffer {
  const known = item.json;
  if (known !== undefined && known.epoch === epoch) return known.bytes;
  const bytes = Buffer.from(JSON.stringify(build(item)));
  item.json = { epoch, bytes };
  return bytes;
}
