import { ConnectorError, type CheckResult, type CheckStep, type Session } from '@syncline/connector-sdk';
import { createGitLabClient, getProject, gitLabCheck } from '@syncline/gitlab';
import { createAzureClient } from './azure/azure-client.js';
import { findRepository, type AzureRepositoryRecord } from './azure/azure-repository.js';
import { buildSteps, creationStep, permissionSteps } from './check-azure-rights.js';
import type { AzureDevOpsConfig } from './config.js';
import { GitProbe } from './git/git-probe.js';
import { azureRemote, gitLabRemote } from './git/git-remote.js';

/** GitLab first, then Azure DevOps: reach, token, project, git; and what the account may do where the code goes. */
export async function checkAzureDevOps(session: Session, config: AzureDevOpsConfig): Promise<CheckResult> {
  const steps: CheckStep[] = [];
  const probe = await GitProbe.open(session.signal);
  try {
    const gitLab = await checkGitLab(session, config, probe);
    steps.push(...gitLab.steps);
    if (!gitLab.ok) return { ...gitLab.result, steps };
    steps.push(...(await checkAzure(session, config, probe)), webhookStep(config));
    return { ...gitLab.result, steps };
  } finally {
    await probe.close();
  }
}

async function checkGitLab(
  session: Session,
  { gitlab, statusBack }: AzureDevOpsConfig,
  probe: GitProbe,
): Promise<{ steps: CheckStep[]; ok: boolean; result: Omit<CheckResult, 'steps'> }> {
  const { instance, project } = gitlab;
  const http = session.http(instance);
  // Reporting back writes, which no reading scope allows; nothing else here needs it.
  const scopes = statusBack === true ? ['api'] : ['api', 'read_api'];
  const {
    steps: first,
    account,
    expiresAt,
    ok,
  } = await gitLabCheck(http, instance, { now: () => session.now(), scopes });
  const result = { account, expiresAt };
  const steps = first.map((step) => ({ ...step, label: `GitLab: ${step.label}` }));
  if (!ok) return { steps, ok, result };
  let path = '';
  const found = await attempt(steps, 'project', `GitLab: Find the project ${project}`, async () => {
    const client = createGitLabClient(http, instance);
    const record = await getProject(client, /^\d+$/.test(String(project)) ? Number(project) : project);
    path = record.path;
    return record.archived ? 'The project is archived: it will not change any more.' : undefined;
  });
  if (!found) return { steps, ok: false, result };
  const read = await attempt(steps, 'git', 'GitLab: Read the repository by git', async () => {
    const refs = await probe.list(gitLabRemote(instance, path), instance.caCertificate);
    return refs === 0 ? 'The repository is empty.' : undefined;
  });
  return { steps, ok: read, result };
}

async function checkAzure(session: Session, config: AzureDevOpsConfig, probe: GitProbe): Promise<CheckStep[]> {
  const { instance, project, repository, createIfMissing = false } = config.azure;
  const client = createAzureClient(session.http(instance), instance);
  const steps: CheckStep[] = [];
  const { hostname } = new URL(instance.baseUrl);
  const loggedIn = await attempt(steps, 'auth', `Azure DevOps: Log in at ${hostname}`, async () => {
    const { authenticatedUser } = await client.locations.getConnectionData();
    const name = authenticatedUser?.providerDisplayName;
    if (name === undefined || /^anonymous$/i.test(name)) {
      throw new ConnectorError('auth', 'Azure DevOps takes the token for nobody.', {
        hint: 'The token has expired, or belongs to another organisation.',
      });
    }
    return undefined;
  });
  if (!loggedIn) return steps;
  let found: AzureRepositoryRecord | undefined;
  const label = `Azure DevOps: Find the repository ${project}/${repository}`;
  const isFound = await attempt(steps, 'project', label, async () => {
    try {
      found = await findRepository(client, { project, repository, createIfMissing: false });
    } catch (error) {
      const failure = ConnectorError.from(error);
      // A test changes nothing: the first run creates it.
      if (!createIfMissing || failure.path !== '/config/azure/repository' || failure.status !== 404) throw error;
      return 'It does not exist yet.';
    }
    return undefined;
  });
  if (!isFound) return steps;
  if (found === undefined) return [...steps, await creationStep(client, project)];
  const { id, projectId } = found;
  const remote = azureRemote(instance, projectId, id);
  const canRead = await attempt(steps, 'git', 'Azure DevOps: Read the repository by git', async () => {
    await probe.list(remote, instance.caCertificate);
    return undefined;
  });
  if (!canRead) return steps;
  const canWrite = await attempt(steps, 'scope', 'Azure DevOps: Push with the token', async () => {
    await probe.mayPush(remote, instance.caCertificate);
    return undefined;
  });
  if (canWrite)
    steps.push(...(await permissionSteps(client, config, found)), ...(await buildSteps(client, config, found)));
  return steps;
}

/** Does one step and notes how it went; false where it failed. What it returns is a remark. */
async function attempt(
  steps: CheckStep[],
  id: string,
  label: string,
  work: () => Promise<string | undefined>,
): Promise<boolean> {
  try {
    const hint = await work();
    steps.push({ id, label, ok: true, ...(hint === undefined ? {} : { hint }) });
    return true;
  } catch (error) {
    const failure = ConnectorError.from(error);
    if (failure.kind === 'interrupted') throw failure;
    const { message, hint } = failure;
    steps.push({ id, label, ok: false, hint: hint === undefined ? message : `${message} ${hint}` });
    return false;
  }
}

function webhookStep({ webhookSecret, signingToken }: AzureDevOpsConfig): CheckStep {
  const label = 'Webhook secret';
  if (webhookSecret || signingToken) return { id: 'webhook', label, ok: true };
  const hint = 'None is set: anybody who knows the address can trigger a sync. Set one if you use webhooks.';
  return { id: 'webhook', label, ok: true, hint };
}
