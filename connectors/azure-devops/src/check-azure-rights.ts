import { ConnectorError, type CheckStep } from '@syncline/connector-sdk';
import type { AzureClient } from './azure/azure-client.js';
import type { AzureRepositoryRecord } from './azure/azure-repository.js';
import type { AzureDevOpsConfig } from './config.js';

/** The security namespace "Git Repositories" and its bits. Source: Azure DevOps security namespace reference. */
const gitNamespace = '2e9eb7ed-3c0a-47d4-87c1-0ffdd275fd87';
const bits = {
  contribute: 4,
  forcePush: 8,
  createBranch: 16,
  createTag: 32,
  policyExempt: 128,
  createRepository: 256,
} as const;

/** What the account may do in the repository, asked without doing it. */
export async function permissionSteps(
  client: AzureClient,
  config: AzureDevOpsConfig,
  repository: AzureRepositoryRecord,
): Promise<CheckStep[]> {
  const label = 'Azure DevOps: Role in the repository';
  try {
    const may = (bit: number): Promise<boolean> => hasPermission(client, repository, bit);
    if (!(await may(bits.contribute))) {
      return [
        { id: 'role', label, ok: false, hint: 'The account lacks the permission "Contribute" in the repository.' },
      ];
    }
    const lacking: string[] = [];
    if (!(await may(bits.createBranch))) lacking.push('"Create branch"');
    if (!(await may(bits.createTag))) lacking.push('"Create tag"');
    const rewrites = config.divergence === 'force-with-lease' || config.deletions === 'mirror';
    if (rewrites && !(await may(bits.forcePush)))
      lacking.push('"Force push" (only branches it created itself can be rewritten or deleted)');
    const hint = lacking.length === 0 ? {} : { hint: `The account lacks the permission ${lacking.join(', ')}.` };
    return [{ id: 'role', label, ok: true, ...hint }, ...(await policyStep(client, repository, may))];
  } catch (error) {
    const failure = ConnectorError.from(error);
    if (failure.kind === 'interrupted') throw failure;
    // A token may be allowed to push and not to ask; the first run will tell.
    return [
      { id: 'role', label, ok: true, hint: `Azure DevOps does not tell what the account may do: ${failure.message}` },
    ];
  }
}

/** What it takes to make a repository that is missing. Scopes cannot be asked about without making one. */
export async function creationStep(client: AzureClient, project: string): Promise<CheckStep> {
  const label = 'Azure DevOps: Create the repository';
  const needs = 'It takes the scope Code (manage) and the permission "Create repository".';
  try {
    const { id } = await client.core.getProject(project);
    if (id === undefined) throw new ConnectorError('permanent', 'it names no project');
    if (await mayIn(client, `repoV2/${id}`, bits.createRepository))
      return { id: 'role', label, ok: true, hint: `The first run does it. ${needs}` };
    return { id: 'role', label, ok: false, hint: `The account lacks the permission "Create repository". ${needs}` };
  } catch (error) {
    const failure = ConnectorError.from(error);
    if (failure.kind === 'interrupted') throw failure;
    const hint = `The first run tries it; Azure DevOps does not tell whether the account may: ${failure.message} ${needs}`;
    return { id: 'role', label, ok: true, hint };
  }
}

/** Policies that would refuse pushes, unless the account may pass by. */
async function policyStep(
  client: AzureClient,
  repository: AzureRepositoryRecord,
  may: (bit: number) => Promise<boolean>,
): Promise<CheckStep[]> {
  const branches = (await guardedBranches(client, repository))
    .slice(0, 10)
    .map(({ name, isPrefix }) => (isPrefix ? `${name}*` : name));
  if (branches.length === 0 || (await may(bits.policyExempt))) return [];
  const hint = `Policies refuse pushes to ${branches.join(', ')}. Give the account the permission "Bypass policies when pushing", or leave these branches out.`;
  return [{ id: 'policy', label: 'Azure DevOps: Branch policies', ok: true, hint }];
}

/** A branch, or all whose names begin so. */
interface Guarded {
  readonly name: string;
  readonly isPrefix: boolean;
}

/** Whether the account may change a branch, by its short name, by pull request only. Throws where Azure DevOps does not tell. */
export async function branchesByPullRequest(
  client: AzureClient,
  repository: AzureRepositoryRecord,
): Promise<(branch: string) => boolean> {
  const guarded = await guardedBranches(client, repository);
  if (guarded.length > 0 && (await hasPermission(client, repository, bits.policyExempt))) return () => false;
  return (branch) => guarded.some(({ name, isPrefix }) => (isPrefix ? branch.startsWith(name) : branch === name));
}

async function guardedBranches(client: AzureClient, repository: AzureRepositoryRecord): Promise<Guarded[]> {
  const answer = await client.http.request({
    method: 'GET',
    path: `/${encodeURIComponent(repository.projectId)}/_apis/policy/configurations`,
    query: { 'api-version': '6.0' },
    auth: client.auth,
  });
  return answer.status === 200 ? protectedBranches(answer.body, repository.id) : [];
}

function protectedBranches(body: unknown, repositoryId: string): Guarded[] {
  const found = new Map<string, Guarded>();
  for (const policy of listOf(valueOf(body, 'value'))) {
    if (valueOf(policy, 'isEnabled') !== true || valueOf(policy, 'isBlocking') !== true) continue;
    for (const scope of listOf(valueOf(valueOf(policy, 'settings'), 'scope'))) {
      const [ref, owner] = [valueOf(scope, 'refName'), valueOf(scope, 'repositoryId')];
      const isHere = owner === null || owner === undefined || owner === repositoryId;
      if (!isHere || typeof ref !== 'string') continue;
      const name = ref.replace(/^refs\/heads\//, '');
      const isPrefix = /^prefix$/i.test(String(valueOf(scope, 'matchKind')));
      found.set(`${name} ${isPrefix}`, { name, isPrefix });
    }
  }
  return [...found.values()];
}

function hasPermission(client: AzureClient, repository: AzureRepositoryRecord, bit: number): Promise<boolean> {
  return mayIn(client, `repoV2/${repository.projectId}/${repository.id}`, bit);
}

async function mayIn(client: AzureClient, place: string, bit: number): Promise<boolean> {
  const { status, body } = await client.http.request({
    method: 'GET',
    path: `/_apis/permissions/${gitNamespace}/${bit}`,
    query: { tokens: place, 'api-version': '6.0' },
    auth: client.auth,
  });
  if (status !== 200) throw new ConnectorError('permanent', `it answered ${status}`, { status });
  return listOf(valueOf(body, 'value'))[0] === true;
}

/** Reading pipelines is optional, starting one is not where the config asks for it. */
export async function buildSteps(
  client: AzureClient,
  { trigger, statusBack }: AzureDevOpsConfig,
  repository: AzureRepositoryRecord,
): Promise<CheckStep[]> {
  const id = trigger?.pipelineId;
  const label = id === undefined ? 'Azure DevOps: Read pipelines' : `Azure DevOps: Find the pipeline ${id}`;
  const isNeeded = id !== undefined || statusBack === true;
  try {
    if (id === undefined) {
      await client.build.getDefinitions(repository.projectId, undefined, repository.id, 'TfsGit', undefined, 1);
      return [{ id: 'feature', label, ok: true }];
    }
    const { triggers = [] } = await client.build.getDefinition(repository.projectId, id);
    const hint =
      'Azure DevOps starts this pipeline by itself at each push: naming it here starts it twice. Switch off its CI trigger, or do not name it.';
    return [{ id: 'feature', label, ok: true, ...(triggers.length === 0 ? {} : { hint }) }];
  } catch (error) {
    const failure = ConnectorError.from(error);
    if (failure.kind === 'interrupted') throw failure;
    const said = failure.hint === undefined ? failure.message : `${failure.message} ${failure.hint}`;
    const hint = isNeeded ? said : `Pipelines will not be shown on the timeline: ${said}`;
    return [{ id: 'feature', label, ok: !isNeeded, hint }];
  }
}

function valueOf(from: unknown, name: string): unknown {
  if (typeof from !== 'object' || from === null) return undefined;
  return Object.entries(from).find(([key]) => key === name)?.[1];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
