/** `gid://gitlab/Project/7`. */
export function globalId(model: 'Project' | 'ContainerRepository', id: number): string {
  return `gid://gitlab/${model}/${id}`;
}

/** The number in a global id of any model; REST knows the object by it. Undefined for anything else. */
export function numericId(gid: unknown): number | undefined {
  const digits = typeof gid === 'string' ? /\/(\d+)$/.exec(gid)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}
