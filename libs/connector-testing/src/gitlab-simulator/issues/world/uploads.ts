import type { User } from '../../model/people.js';
import type { Project } from '../../model/project.js';
import type { WorldCore } from '../../world/world-core.js';
import type { Upload } from '../model/upload.js';

/** Files attached to projects; text refers to them by `/uploads/<secret>/<name>`. Adding one touches no issue. */
export class Uploads {
  constructor(private readonly core: WorldCore) {}

  create(project: Project, filename: string, bytes: Buffer, uploader: User): Upload {
    const upload: Upload = {
      id: this.core.nextId('upload'),
      secret: this.core.random.sha256().slice(0, 32),
      filename: sanitised(filename),
      bytes,
      uploader,
      createdAt: this.core.clock.stamp(),
    };
    project.uploads.set(upload.secret, upload);
    return upload;
  }

  find(project: Project, secret: string, filename: string): Upload | undefined {
    const upload = project.uploads.get(secret);
    return upload?.filename === filename ? upload : undefined;
  }

  /** The text with every file of one project copied into another, as a move does. */
  carry(text: string, from: Project, to: Project): string {
    return text.replace(/\/uploads\/([0-9a-f]{32})\/([^\s)"'\]]+)/g, (whole, secret: string, name: string) => {
      const upload = this.find(from, secret, decodedName(name));
      if (upload === undefined) return whole;
      const copy = this.create(to, upload.filename, upload.bytes, upload.uploader);
      return `/uploads/${copy.secret}/${copy.filename}`;
    });
  }
}

/** A name as it stands in an address; what is no encoding stands for itself. */
export function decodedName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

const images = /\.(png|jpe?g|gif|bmp|tiff|ico|webp|svg)$/i;

/** What text has to contain to show or link the file. */
export function uploadMarkdown(upload: Upload): { alt: string; url: string; markdown: string } {
  const image = images.test(upload.filename);
  const media = image || /\.(mp4|m4v|mov|webm|ogv|mp3|oga|ogg|spx|wav)$/i.test(upload.filename);
  // Images and other media are named without their extension.
  const alt = (media ? upload.filename.replace(/\.[^.]*$/, '') : upload.filename).replace(/[[\]]/g, '\\$&');
  const url = `/uploads/${upload.secret}/${upload.filename}`;
  return { alt, url, markdown: `${media ? '!' : ''}[${alt}](${url})` };
}

/** Source: CarrierWave's sanitisation. */
function sanitised(filename: string): string {
  const base = filename.replace(/\\/g, '/').split('/').pop() ?? '';
  const name = base.replace(/[^\p{L}\p{N}.\-+_]/gu, '_');
  return name === '' || /^\.+$/.test(name) ? `_${name}` : name;
}
