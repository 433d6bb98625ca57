import type { User } from '../../model/people.js';
import { namespacePath, type Project } from '../../model/project.js';
import type { Issue } from '../model/issue.js';
import type { IssueReference, TextReferences } from '../text/references.js';
import { addSystemNote, referenceFrom, type TrackerContext } from './tracker-context.js';

/**
 * An issue that texts refer to gets a note that says so: once for each issue that mentions it, and without moving its
 * `updated_at`. Source: app/services/system_notes/issuables_service.rb
 */
export function followReferences(
  context: TrackerContext,
  source: Issue,
  { issues, urls }: TextReferences,
  by: User,
): void {
  const found = [
    ...issues.map((reference) => byReference(context, source.project, reference)),
    ...urls.map((url) => byUrl(context, url)),
  ];
  for (const target of new Set(found)) {
    if (target === undefined || target === source || !context.rights.reads(target, by)) continue;
    if (target.notes.some((note) => note.mentionedBy === source)) continue;
    const body = `mentioned in issue ${referenceFrom(source, target.project)}`;
    addSystemNote(context, target, by, body, { mentionedBy: source });
  }
}

export function byReference(context: TrackerContext, from: Project, reference: IssueReference): Issue | undefined {
  const { path, iid } = reference;
  if (path === undefined) return from.issues.byIid.get(iid);
  const full = path.includes('/') ? path : `${namespacePath(from.owner)}/${path}`;
  return context.projects.find(full)?.issues.byIid.get(iid);
}

export function byUrl(context: TrackerContext, url: string): Issue | undefined {
  const root = `${context.core.siteUrl()}/`;
  if (!url.startsWith(root)) return undefined;
  const match = /^(.+?)\/(?:-\/)?(?:issues|work_items)\/(\d+)(?:[/?#]|$)/.exec(url.slice(root.length));
  return match === null ? undefined : context.projects.find(match[1] ?? '')?.issues.byIid.get(Number(match[2]));
}
