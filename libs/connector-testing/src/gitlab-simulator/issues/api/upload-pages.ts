import type { Site } from '../../entities/site.js';
import { htmlReply, type Reply } from '../../http/reply.js';
import type { Project } from '../../model/project.js';
import type { Upload } from '../model/upload.js';
import { decodedName } from '../world/uploads.js';

/** How the request log names these pages. */
export const uploadPageName = 'GET /uploads/:secret/:filename outside of the API';

const pattern = /^\/(?:-\/project\/(\d+)|(.+?))\/uploads\/([0-9a-f]{32})\/([^/]+)$/;

export function isUploadPage(path: string): boolean {
  return pattern.test(path);
}

/**
 * The address that text shows files under. It wants a browser's session, and no token is one: a private project's files
 * send everybody to the sign-in page.
 */
export function uploadPage(site: Site, path: string): Reply | undefined {
  const match = pattern.exec(path);
  if (match === null) return undefined;
  const [, id, name = '', secret = '', filename = ''] = match;
  const { projects, uploads } = site.world;
  const project = id === undefined ? projects.find(name) : projects.byId.get(Number(id));
  const upload = project === undefined ? undefined : uploads.find(project, secret, decodedName(filename));
  if (project?.visibility !== 'public') {
    const location = `${site.url}/users/sign_in`;
    return { ...htmlReply(302, 'Redirecting'), headers: { 'Content-Type': 'text/html', Location: location } };
  }
  return upload === undefined ? undefined : fileReply(upload);
}

export function fileReply(upload: Upload): Reply {
  return {
    status: 200,
    headers: {
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(upload.filename)}`,
    },
    body: upload.bytes,
  };
}

/** Where the file is, below the instance's address; the form of 17.1 and later. */
export function uploadPath(project: Project, upload: Upload): string {
  return `/-/project/${project.id}/uploads/${upload.secret}/${upload.filename}`;
}
