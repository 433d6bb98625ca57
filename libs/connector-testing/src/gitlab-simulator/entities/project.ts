import { accessLevels, type User } from '../model/people.js';
import {
  features,
  groupPath,
  isGroup,
  namespaceName,
  namespacePath,
  type Activity,
  type Group,
  type Project,
} from '../model/project.js';
import { groupAccessLevel } from '../world/projects.js';
import { isoTime, projectUrl, type Site } from './site.js';
import { userEntity } from './user.js';

export function simpleProjectEntity(site: Site, project: Project) {
  const { owner, fullPath } = project;
  const web = projectUrl(site, project);
  return {
    id: project.id,
    description: project.description,
    name: project.name,
    name_with_namespace: `${namespaceName(owner)} / ${project.name}`,
    path: project.path,
    path_with_namespace: fullPath,
    created_at: isoTime(project.createdAt),
    default_branch: project.repository.empty ? null : project.defaultBranch,
    tag_list: project.topics,
    topics: project.topics,
    ssh_url_to_repo: `git@${site.host}:${fullPath}.git`,
    http_url_to_repo: `${web}.git`,
    web_url: web,
    readme_url: project.repository.empty ? null : `${web}/-/blob/${project.defaultBranch}/README.md`,
    forks_count: 0,
    avatar_url: null,
    star_count: 0,
    last_activity_at: isoTime(project.lastActivityAt),
    visibility: project.visibility,
    namespace: {
      id: isGroup(owner) ? owner.id : owner.namespaceId,
      name: owner.name,
      path: isGroup(owner) ? owner.path : owner.username,
      kind: isGroup(owner) ? 'group' : 'user',
      full_path: namespacePath(owner),
      parent_id: isGroup(owner) ? (owner.parent?.id ?? null) : null,
      avatar_url: null,
      web_url: isGroup(owner) ? `${site.url}/groups/${namespacePath(owner)}` : `${site.url}/${owner.username}`,
    },
  };
}

export function projectEntity(site: Site, project: Project, user: User) {
  const direct = project.members.get(user.id);
  const inherited = isGroup(project.owner) ? groupAccessLevel(project.owner, { ...user, admin: false }) : 0;
  const access = Object.fromEntries(features.map((feature) => [`${feature}_access_level`, project.features[feature]]));
  return {
    ...simpleProjectEntity(site, project),
    ...access,
    archived: project.archived,
    empty_repo: project.repository.empty,
    updated_at: isoTime(project.updatedAt),
    creator_id: isGroup(project.owner) ? 1 : project.owner.id,
    issues_enabled: project.features.issues !== 'disabled',
    merge_requests_enabled: project.features.merge_requests !== 'disabled',
    jobs_enabled: project.features.builds !== 'disabled',
    container_registry_enabled: project.features.container_registry !== 'disabled',
    container_registry_image_prefix: `${registryHost(site)}/${project.fullPath.toLowerCase()}`,
    merge_method: 'merge',
    marked_for_deletion_on: project.markedForDeletionOn,
    ...(site.edition === 'ee' ? { issues_template: null, merge_requests_template: null } : {}),
    permissions: {
      project_access: direct === undefined ? null : { access_level: direct, notification_level: 3 },
      group_access: inherited === 0 ? null : { access_level: inherited, notification_level: 3 },
    },
  };
}

export function registryHost(site: Site): string {
  return `registry.${site.host}`;
}

export function groupEntity(site: Site, group: Group) {
  return {
    id: group.id,
    web_url: `${site.url}/groups/${groupPath(group)}`,
    name: group.name,
    path: group.path,
    description: group.description,
    visibility: group.visibility,
    avatar_url: null,
    full_name: namespaceName(group),
    full_path: groupPath(group),
    created_at: isoTime(group.createdAt),
    parent_id: group.parent?.id ?? null,
    archived: false,
  };
}

export function memberEntity(site: Site, user: User, level: number) {
  const { id, username, name, state, avatar_url, web_url } = userEntity(site, user);
  return {
    id,
    username,
    name,
    state,
    avatar_url,
    web_url,
    access_level: Math.min(level, accessLevels.owner),
    expires_at: null,
    membership_state: 'active',
  };
}

export function activityEntity(site: Site, project: Project, activity: Activity) {
  const { push } = activity;
  return {
    id: activity.id,
    project_id: project.id,
    action_name: activity.action,
    target_id: activity.targetId,
    target_iid: activity.targetIid,
    target_type: activity.targetType,
    author_id: activity.author.id,
    target_title: activity.targetTitle,
    created_at: isoTime(activity.createdAt),
    author: userEntity(site, activity.author),
    imported: false,
    author_username: activity.author.username,
    ...(push === undefined
      ? {}
      : {
          push_data: {
            commit_count: push.commitCount,
            action: push.action,
            ref_type: push.refType,
            commit_from: push.from,
            commit_to: push.to,
            ref: push.ref,
            commit_title: push.commitTitle,
            ref_count: null,
          },
        }),
  };
}
