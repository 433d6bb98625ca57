/** A file as a client sent it. */
export class SentFile {
  constructor(
    readonly filename: string,
    readonly bytes: Buffer,
  ) {}
}

/** The parts of a `multipart/form-data` body, or undefined where it cannot be read. */
export async function parseMultipart(body: Buffer, contentType: string): Promise<Record<string, unknown> | undefined> {
  try {
    const form = await new Response(new Uint8Array(body), { headers: { 'Content-Type': contentType } }).formData();
    const found: Record<string, unknown> = {};
    for (const [name, value] of form) {
      found[name] =
        typeof value === 'string' ? value : new SentFile(value.name, Buffer.from(await value.arrayBuffer()));
    }
    return found;
  } catch {
    return undefined;
  }
}
