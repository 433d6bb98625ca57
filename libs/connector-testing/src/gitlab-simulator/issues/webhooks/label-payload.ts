import { hookTime } from '../../webhooks/payload-parts.js';
import type { Label } from '../model/label.js';

export function labelPayload(label: Label) {
  const { owner } = label;
  const ofProject = 'issues' in owner;
  return {
    id: label.id,
    title: label.name,
    color: label.color,
    project_id: ofProject ? owner.id : null,
    created_at: hookTime(label.createdAt),
    updated_at: hookTime(label.updatedAt),
    template: false,
    description: label.description,
    type: ofProject ? 'ProjectLabel' : 'GroupLabel',
    group_id: ofProject ? null : owner.id,
  };
}
