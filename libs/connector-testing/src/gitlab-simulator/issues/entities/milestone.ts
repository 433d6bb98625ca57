import { isoTime, projectUrl, type Site } from '../../entities/site.js';
import { groupPath } from '../../model/project.js';
import type { Milestone } from '../model/milestone.js';

export function milestoneEntity(site: Site, milestone: Milestone) {
  const { owner } = milestone;
  const ofProject = 'issues' in owner;
  const today = isoTime(site.world.core.clock.read()).slice(0, 10);
  const place = ofProject ? projectUrl(site, owner) : `${site.url}/groups/${groupPath(owner)}`;
  return {
    id: milestone.id,
    iid: milestone.iid,
    ...(ofProject ? { project_id: owner.id } : { group_id: owner.id }),
    title: milestone.title,
    description: milestone.description,
    state: milestone.state,
    created_at: isoTime(milestone.createdAt),
    updated_at: isoTime(milestone.updatedAt),
    due_date: milestone.dueDate,
    start_date: milestone.startDate,
    expired: milestone.dueDate !== null && milestone.dueDate < today,
    web_url: `${place}/-/milestones/${milestone.iid}`,
  };
}
