import { z } from 'zod';
import { isTrue, requiredTime, text, user, users } from '../schema/parts.js';

/** With `with_labels_details` labels are objects. */
const labelName = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);

/** List item and single read. Only what the walk and the identity need is required: one odd field must not lose an issue. */
export const issueSchema = z.object({
  iid: z.number(),
  title: z.string(),
  description: text,
  state: z.string(),
  created_at: requiredTime,
  updated_at: requiredTime,
  labels: z
    .array(labelName)
    .nullish()
    .transform((value) => value ?? []),
  milestone: z.object({ id: z.number(), title: z.string() }).nullish(),
  assignees: users,
  author: user,
  user_notes_count: z.number().nullish(),
  due_date: text,
  confidential: isTrue,
  web_url: text,
  moved_to_id: z.number().nullish(),
  /** Absent (not null) where the project's plan has no weights. */
  weight: z.number().nullish(),
});
export type IssueBody = z.infer<typeof issueSchema>;

export const noteSchema = z.object({
  id: z.number(),
  body: z.string(),
  author: user,
  created_at: requiredTime,
  updated_at: requiredTime,
  system: isTrue,
  /** The newer name of `confidential`. */
  internal: z.boolean().nullish(),
  confidential: z.boolean().nullish(),
});
export type NoteBody = z.infer<typeof noteSchema>;

export const labelSchema = z.object({ name: z.string(), color: z.string(), description: text });

export const milestoneSchema = z.object({
  id: z.number(),
  /** Absent on a milestone of a group. */
  project_id: z.number().nullish(),
  title: z.string(),
  description: text,
  state: z.string(),
  start_date: text,
  due_date: text,
});
export type MilestoneBody = z.infer<typeof milestoneSchema>;

/** `POST .../uploads`; `url` is relative to the project, `/uploads/<secret>/<name>`. */
export const uploadSchema = z.object({ url: z.string().startsWith('/uploads/') });

/** A label, state, milestone or weight event. */
export const resourceEventSchema = z.object({ created_at: requiredTime });

const access = z.object({ access_level: z.number() }).nullish();

/** `GET /projects/:id`: what decides about its issues. */
export const trackerProjectSchema = z.object({
  id: z.number(),
  path_with_namespace: z.string(),
  archived: isTrue,
  marked_for_deletion_on: text,
  marked_for_deletion_at: text,
  /** `disabled`, `private` (members only), `enabled`. */
  issues_access_level: text,
  issues_enabled: z.boolean().nullish(),
  permissions: z.object({ project_access: access, group_access: access }).nullish(),
  /** There with Premium and Ultimate only, as weights are. */
  issues_template: z.string().nullish(),
});

export const memberSchema = z.object({ access_level: z.number() });
