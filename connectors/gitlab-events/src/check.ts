import { ConnectorError, type CheckResult, type CheckStep, type Session } from '@syncline/connector-sdk';
import {
  createGitLabClient,
  createRestReader,
  gitLabCheck,
  type GitLabReader,
  type ProjectRecord,
} from '@syncline/gitlab';
import { readSettings, type GitLabEventsConfig, type Settings } from './config.js';
import { describeSelection, selectProjects, type Selection } from './projects.js';

/** Projects whose doors are tried; all of them would make a test of a large group slow. */
const mostTried = 3;

/** Reach, token and scope; then the projects, the role in some of them, their features, and the webhook's secret. */
export async function checkGitLab(session: Session, config: GitLabEventsConfig): Promise<CheckResult> {
  const steps: CheckStep[] = [];
  let result: Omit<CheckResult, 'steps'> = {};
  try {
    const settings = readSettings(config);
    const http = session.http(settings.instance);
    const {
      steps: first,
      account,
      expiresAt,
      ok,
    } = await gitLabCheck(http, settings.instance, { now: () => session.now() });
    steps.push(...first);
    result = { account, expiresAt };
    if (ok) steps.push(...(await projectSteps(session, settings)), webhookStep(config));
  } catch (error) {
    const failure = ConnectorError.from(error);
    if (failure.kind === 'interrupted') throw failure;
    steps.push(failedStep('config', 'Configuration', failure));
  }
  return { ...result, steps };
}

async function projectSteps(session: Session, settings: Settings): Promise<CheckStep[]> {
  const client = createGitLabClient(session.http(settings.instance), settings.instance);
  let selection: Selection;
  try {
    selection = await selectProjects(client, settings);
  } catch (error) {
    return [failedStep('project', 'Find the projects', ConnectorError.from(error))];
  }
  const { projects, failures } = selection;
  const label = `Read ${describeSelection(selection)}`;
  const isCut = projects.length < selection.total;
  const cut = isCut ? { hint: 'The limit leaves some out. Raise it, or name the projects.' } : {};
  const steps: CheckStep[] = [{ id: 'project', label, ok: true, ...cut }];
  for (const { name, error } of failures) steps.push(failedStep('project', name, error));
  const reader = createRestReader(client);
  for (const project of projects.slice(0, mostTried))
    steps.push(...(await doorSteps(session, reader, settings, project)));
  return steps;
}

/** One cheap request through each door that the config wants to use. */
async function doorSteps(
  session: Session,
  reader: GitLabReader,
  settings: Settings,
  project: ProjectRecord,
): Promise<CheckStep[]> {
  const since = session.now();
  const doors = [
    {
      type: 'merge_request',
      feature: 'mergeRequests',
      pages: () => reader.mergeRequests(project.id, undefined, { since }),
    },
    { type: 'pipeline', feature: 'builds', pages: () => reader.pipelines(project.id, undefined, { since }) },
    { type: 'image', feature: 'containerRegistry', pages: () => reader.registryRepositories(project.id) },
  ] as const;
  const steps: CheckStep[] = [];
  for (const { type, feature, pages } of doors) {
    if (!settings.eventTypes.has(type)) continue;
    const label = `${project.path}: ${type.replace('_', ' ')}s`;
    if (project.features[feature] === 'disabled') {
      steps.push({ id: 'feature', label, ok: true, hint: 'Switched off in the project: there is nothing to read.' });
      continue;
    }
    try {
      await pages()[Symbol.asyncIterator]().next();
      steps.push({ id: 'role', label, ok: true });
    } catch (error) {
      const failure = ConnectorError.from(error);
      if (failure.kind === 'interrupted') throw failure;
      steps.push(failedStep('role', label, failure));
    }
  }
  return steps;
}

function webhookStep({ webhookSecret, signingToken }: GitLabEventsConfig): CheckStep {
  const label = 'Webhook secret';
  if (webhookSecret || signingToken) return { id: 'webhook', label, ok: true };
  const hint =
    'None is set: anybody who knows the address can trigger a read. Set a webhook secret or a signing token if you use webhooks.';
  return { id: 'webhook', label, ok: true, hint };
}

function failedStep(id: string, label: string, { message, hint }: ConnectorError): CheckStep {
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  return { id, label, ok: false, hint: hint === undefined ? sentence : `${sentence} ${hint}` };
}
