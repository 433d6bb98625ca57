import { projectAsRole, projectOf } from '../../api/access.js';
import { isoTime } from '../../entities/site.js';
import type { Call } from '../../http/call.js';
import { listArray } from '../../http/listing.js';
import { pageReply } from '../../http/pagination.js';
import { badParameter, forbidden, jsonReply, noContent, notFound, Refusal, type Reply } from '../../http/reply.js';
import type { Router } from '../../http/router.js';
import { accessLevels } from '../../model/people.js';
import type { Upload } from '../model/upload.js';
import { uploadMarkdown } from '../world/uploads.js';
import { fileReply, uploadPath } from './upload-pages.js';

const base = '/projects/:id/uploads';

export function addUploadRoutes(router: Router): void {
  router
    .add('POST', base, upload)
    .get(base, (call) => {
      const rows = [...maintained(call).uploads.values()].reverse();
      return pageReply(call, listArray(rows), (row) => JSON.stringify(listed(row)));
    })
    .get(`${base}/:upload_id`, (call) => {
      const id = call.numericPart('upload_id');
      const found = [...maintained(call).uploads.values()].find((row) => row.id === id);
      if (found === undefined) throw notFound();
      return fileReply(found);
    })
    .get(`${base}/:secret/:filename`, (call) => {
      if (!downloadsByToken(call.site.version)) throw notFound();
      return fileReply(uploadOf(call));
    })
    .add('DELETE', `${base}/:secret/:filename`, (call) => {
      maintained(call);
      projectOf(call).uploads.delete(uploadOf(call).secret);
      return noContent;
    });
}

function maintained(call: Call) {
  return projectAsRole(call, accessLevels.maintainer);
}

function upload(call: Call): Reply {
  const { parameters, world, user } = call;
  const project = projectOf(call);
  const file = parameters.file('file');
  if (file === undefined) throw badParameter(parameters.has('file') ? 'file is invalid' : 'file is missing');
  if (project.archived || !world.issueRights.readsIssues(project, user)) throw forbidden();
  if (file.bytes.length > world.trackerSettings.maxAttachmentBytes)
    throw new Refusal(jsonReply({ message: '413 Request Entity Too Large' }, 413));
  const made = world.uploads.create(project, file.filename, file.bytes, user);
  const { alt, url, markdown } = uploadMarkdown(made);
  return jsonReply({ id: made.id, alt, url, full_path: uploadPath(project, made), markdown }, 201);
}

function uploadOf(call: Call): Upload {
  const found = call.world.uploads.find(projectOf(call), call.part('secret'), call.part('filename'));
  if (found === undefined) throw notFound();
  return found;
}

function listed(row: Upload) {
  const { id, username, name } = row.uploader;
  return {
    id: row.id,
    size: row.bytes.length,
    filename: row.filename,
    created_at: isoTime(row.createdAt),
    uploaded_by: { id, name, username },
  };
}

/** Since 17.4. */
function downloadsByToken(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 17 || (major === 17 && minor >= 4);
}
