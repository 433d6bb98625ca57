import { gitTime, offset, projectUrl, type Site } from '../entities/site.js';
import { commitTitle, type Commit } from '../model/commit.js';
import type { User } from '../model/people.js';
import { namespaceName, type Project, type Visibility } from '../model/project.js';

const visibilityLevels: Readonly<Record<Visibility, number>> = { private: 0, internal: 10, public: 20 };

/** Attributes of merge requests, pipelines, jobs and releases: whole seconds, `2026-02-03 10:11:12 UTC`. */
export function hookTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

export function hookTimeOrNull(time: number | null): string | null {
  return time === null ? null : hookTime(time);
}

/** Deployments alone: `2026-02-03 10:11:12 +0000`. */
export function deploymentTime(time: number): string {
  return hookTime(time).replace('UTC', '+0000');
}

/** Pushes and commits: seconds with the author's offset. */
export function commitTime(commit: Commit): string {
  return `${gitTime(commit.committedAt, commit.offsetMinutes).slice(0, 19)}${offset(commit.offsetMinutes)}`;
}

/** What pipelines and jobs show of their project. */
export function projectCore(site: Site, project: Project) {
  const web = projectUrl(site, project);
  return {
    id: project.id,
    name: project.name,
    description: project.description,
    web_url: web,
    avatar_url: null,
    git_ssh_url: `git@${site.host}:${project.fullPath}.git`,
    git_http_url: `${web}.git`,
    namespace: namespaceName(project.owner),
    visibility_level: visibilityLevels[project.visibility],
    path_with_namespace: project.fullPath,
    default_branch: project.defaultBranch,
    ci_config_path: '',
  };
}

/** With the old names of the addresses, as all other hooks have it. */
export function projectPayload(site: Site, project: Project) {
  const core = projectCore(site, project);
  const { web_url: homepage, git_ssh_url: ssh_url, git_http_url: http_url } = core;
  return { ...core, homepage, url: ssh_url, ssh_url, http_url };
}

/** The deprecated twin of `project`. */
export function repositoryPayload(site: Site, project: Project) {
  const { name, description, url, homepage } = projectPayload(site, project);
  return { name, url, description, homepage };
}

export function repositoryWithUrls(site: Site, project: Project) {
  const { git_http_url, git_ssh_url, visibility_level } = projectPayload(site, project);
  return { ...repositoryPayload(site, project), git_http_url, git_ssh_url, visibility_level };
}

/** The address is hidden unless its owner made it public. */
export function userPayload(user: User) {
  const email = user.publicEmail === '' ? '[REDACTED]' : user.publicEmail;
  return { id: user.id, name: user.name, username: user.username, avatar_url: null, email };
}

export function commitPayload(site: Site, project: Project, commit: Commit) {
  return {
    id: commit.sha,
    message: commit.message,
    title: commitTitle(commit),
    timestamp: commitTime(commit),
    url: `${projectUrl(site, project)}/-/commit/${commit.sha}`,
    author: { name: commit.authorName, email: commit.authorEmail },
  };
}

export function commitPayloadOrNull(site: Site, project: Project, sha: string) {
  const commit = project.repository.find(sha);
  return commit === undefined ? null : commitPayload(site, project, commit);
}
