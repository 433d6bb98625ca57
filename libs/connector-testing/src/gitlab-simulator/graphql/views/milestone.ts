import type { MergeRequest } from '../../model/merge-request.js';
import { globalId } from '../schema/global-id.js';

export function milestoneView(milestone: NonNullable<MergeRequest['milestone']>) {
  return {
    dueDate: milestone.dueDate === null ? null : Date.parse(milestone.dueDate),
    id: globalId('Milestone', milestone.id),
    iid: String(milestone.iid),
    state: milestone.state,
    title: milestone.title,
  };
}
