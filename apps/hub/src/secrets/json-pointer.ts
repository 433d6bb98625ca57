/** One step of a JSON Pointer (RFC 6901), with its slash. */
export const pointerTo = (name: string | number): string =>
  `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
