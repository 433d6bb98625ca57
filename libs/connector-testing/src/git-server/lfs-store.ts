import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file as Git LFS names it: by the SHA-256 of its content, and its size in bytes. */
export interface LfsObject {
  readonly oid: string;
  readonly size: number;
}

/** The large files that a server keeps beside a repository. */
export class LfsStore {
  private readonly folder: string;

  constructor(repositoryPath: string) {
    this.folder = join(repositoryPath, 'lfs', 'objects');
  }

  /** Keeps a file, and answers what is committed in its place: the pointer. */
  async put(content: string | Buffer): Promise<LfsObject & { readonly pointer: string }> {
    const bytes = Buffer.from(content);
    const oid = createHash('sha256').update(bytes).digest('hex');
    await mkdir(this.folder, { recursive: true });
    // Whole or not at all: several clients may bring the same file.
    const temporary = join(this.folder, `.${oid}-${process.hrtime.bigint()}`);
    await writeFile(temporary, bytes);
    await rename(temporary, join(this.folder, oid));
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${bytes.length}\n`;
    return { oid, size: bytes.length, pointer };
  }

  async has(oid: string): Promise<boolean> {
    return stat(join(this.folder, oid)).then(
      () => true,
      () => false,
    );
  }

  read(oid: string): Promise<Buffer> {
    return readFile(join(this.folder, oid));
  }

  /** Names of all files that are here, in order. */
  async oids(): Promise<string[]> {
    const names = await readdir(this.folder).catch(() => []);
    return names.filter((name) => /^[0-9a-f]{64}$/.test(name)).sort();
  }
}
