/** `gid://gitlab/MergeRequest/12`. */
export function globalId(model: string, id: number): string {
  return `gid://gitlab/${model}/${id}`;
}

/** The number of a global id of this model; undefined where it is none. */
export function parseGlobalId(value: unknown, model: string): number | undefined {
  const match = typeof value === 'string' ? /^gid:\/\/gitlab\/([A-Za-z:]+)\/(\d+)$/.exec(value) : null;
  return match !== null && match[1] === model ? Number(match[2]) : undefined;
}
