import { ConnectorError, type TrackerFile, type TrackerPlace } from '@syncline/connector-sdk';
import type { GitLabClient } from '../client.js';
import { statusError } from '../status-errors.js';
import { uploadSchema } from './schema.js';
import { written } from './writing.js';

/** A file of the project, as texts name it. */
interface UploadReference {
  /** 32 hex digits. */
  readonly secret: string;
  readonly filename: string;
}

/** Files of a project. Downloads by token exist since GitLab 17.4; before, they end as 404. */
export class Uploads {
  constructor(
    private readonly client: GitLabClient,
    private readonly place: TrackerPlace,
  ) {}

  async download(reference: string, maxBytes: number): Promise<TrackerFile> {
    const upload = parseUploadReference(reference, this.place);
    if (upload === undefined) throw missing(reference);
    const { secret, filename } = upload;
    const path = `/api/v4/projects/${this.place.projectId}/uploads/${secret}/${encodeURIComponent(filename)}`;
    const { auth, http } = this.client;
    const response = await http.request({ method: 'GET', path, auth, responseType: 'bytes' });
    const bytes = response.body instanceof Uint8Array ? response.body : new Uint8Array();
    if (response.status !== 200) {
      const body = new TextDecoder().decode(bytes);
      throw statusError({ ...response, body }, { what: `the file ${filename}` }) ?? missing(reference);
    }
    if (bytes.byteLength > maxBytes) {
      throw new ConnectorError('permanent', `The file ${filename} is larger than ${maxBytes} bytes.`, { status: 413 });
    }
    const contentType = response.headers['content-type'];
    return { name: filename, bytes, ...(contentType === undefined ? {} : { contentType }) };
  }

  async upload({ name, bytes, contentType }: TrackerFile): Promise<string> {
    const content = new Blob([new Uint8Array(bytes)], contentType === undefined ? {} : { type: contentType });
    const file = { content, filename: name === '' ? 'file' : name };
    const call = this.client.projectUploads.create(Number(this.place.projectId), file);
    return (await written(call, uploadSchema, `the file ${name}`)).url;
  }
}

/**
 * Reads `/uploads/<secret>/<name>`, the same with the project before it (`/group/project/uploads/...` until 17.0,
 * `/-/project/<id>/uploads/...` since), and these as full addresses of this instance. Undefined for everything else, and for files of other projects: who writes a
 * text must not get at a file that only our account may see.
 */
function parseUploadReference(reference: string, place: TrackerPlace): UploadReference | undefined {
  const base = place.baseUrl.replace(/\/+$/, '');
  const isFull = /^https?:\/\//i.test(reference);
  if (isFull && !reference.toLowerCase().startsWith(`${base.toLowerCase()}/`)) return undefined;
  const path = isFull ? reference.slice(base.length) : reference;
  const match = /^(?:\/-\/project\/(\d+)|\/(?!-\/)([^?#\s]+?))?\/uploads\/([0-9a-f]{32})\/([^/?#\s]+)$/i.exec(path);
  if (match === null) return undefined;
  const [, id, fullPath, secret = '', name = ''] = match;
  const filename = decoded(name);
  // A decoded slash or dot-dot would be another place.
  if (filename === '' || filename === '.' || filename === '..' || filename.includes('/')) return undefined;
  const isOurs = id === undefined ? fullPath === undefined || isSamePath(fullPath, place) : id === place.projectId;
  return isOurs ? { secret: secret.toLowerCase(), filename } : undefined;
}

function isSamePath(path: string, place: TrackerPlace): boolean {
  return decoded(path).toLowerCase() === place.path.toLowerCase();
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function missing(reference: string): ConnectorError {
  return new ConnectorError('permanent', `${reference.slice(0, 200)} is not a file of this GitLab.`, { status: 404 });
}
