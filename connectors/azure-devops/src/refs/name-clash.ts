/**
 * Azure DevOps compares ref names without regard to case, folder by folder, and refuses a name that is a folder of
 * another. GitLab on Linux allows the first.
 */
export class RefNames {
  /** Every folder and name in use, by its lower-case form: how it is written, and what it is. */
  private readonly taken = new Map<
    string,
    { readonly written: string; readonly isRef: boolean; readonly ref: string }
  >();

  constructor(refs: Iterable<string> = []) {
    for (const ref of refs) this.add(ref);
  }

  add(ref: string): void {
    for (const { path, isRef } of steps(ref)) {
      if (!this.taken.has(path.toLowerCase())) this.taken.set(path.toLowerCase(), { written: path, isRef, ref });
    }
  }

  /** The ref that stands in the way, or undefined where the name is free (or is itself there already). */
  clashOf(ref: string): string | undefined {
    for (const { path, isRef } of steps(ref)) {
      const known = this.taken.get(path.toLowerCase());
      if (known === undefined) continue;
      if (known.written !== path || known.isRef !== isRef) return known.ref;
    }
    return undefined;
  }
}

/** `refs/heads/a/b` -> the folder `refs/heads/a`, then the ref itself. */
function steps(ref: string): { path: string; isRef: boolean }[] {
  const parts = ref.split('/');
  const found: { path: string; isRef: boolean }[] = [];
  for (let length = 3; length <= parts.length; length += 1) {
    found.push({ path: parts.slice(0, length).join('/'), isRef: length === parts.length });
  }
  return found;
}
