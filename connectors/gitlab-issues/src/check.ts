import { type CheckResult, type CheckStep, ConnectorError, type LinkSide, type Session } from '@syncline/connector-sdk';
import { gitLabCheck } from '@syncline/gitlab';
import { readSettings, type GitLabIssuesConfig, type Settings, type SideConfig } from './config.js';
import { faultsOf, openSide, refuseSameProject, sideName, type OpenSide } from './sides.js';

/** For each side: reach, token and scope, project, issues, archive, role; then that they are two, and the webhook's secret. */
export async function checkGitLabIssues(session: Session, config: GitLabIssuesConfig): Promise<CheckResult> {
  const steps: CheckStep[] = [];
  let result: Omit<CheckResult, 'steps'> = {};
  try {
    const settings = readSettings(config);
    const open: OpenSide[] = [];
    for (const side of ['left', 'right'] as const) {
      // An instance is tested by itself with a config that names nothing else.
      if (!isNamed(settings, side)) continue;
      const found = await checkSide(session, settings, side);
      steps.push(...found.steps.map((step) => ({ ...step, label: `${sideName(side)}: ${step.label}` })));
      // One account and one end are shown: those of the side that is written to.
      result = { account: found.account, ...soonest(result.expiresAt, found.expiresAt) };
      if (found.open !== undefined) open.push(found.open);
    }
    const [left, right] = open;
    if (left !== undefined && right !== undefined) steps.push(pairStep(left, right));
    if (steps.every(({ ok }) => ok)) steps.push(webhookStep(config));
  } catch (error) {
    const failure = ConnectorError.from(error);
    if (failure.kind === 'interrupted') throw failure;
    steps.push(failedStep('config', 'Configuration', failure));
  }
  return { ...result, steps };
}

interface CheckedSide extends CheckResult {
  readonly open?: OpenSide;
}

async function checkSide(session: Session, settings: Settings, side: LinkSide): Promise<CheckedSide> {
  const { instance } = settings.sides[side];
  const scopes = settings.written.includes(side) ? ['api'] : ['api', 'read_api'];
  const now = (): Date => session.now();
  const { steps, account, expiresAt, ok } = await gitLabCheck(session.http(instance), instance, { now, scopes });
  const known = { account, expiresAt };
  if (!ok || !isNamed(settings, side, 'project')) return { ...known, steps };
  let open: OpenSide;
  try {
    open = await openSide(session, settings, side);
  } catch (error) {
    return { ...known, steps: [...steps, failedStep('project', 'Find the project', ConnectorError.from(error))] };
  }
  const found: CheckStep = { id: 'project', label: `Find the project ${open.project.path}`, ok: true };
  try {
    const findings = await faultsOf(open, settings);
    const judged = findings.map((one): CheckStep => {
      return one.ok ? { id: one.id, label: one.label, ok: true } : failedStep(one.id, one.label, one.error);
    });
    return { ...known, steps: [...steps, found, ...judged], open };
  } catch (error) {
    const failure = ConnectorError.from(error);
    if (failure.kind === 'interrupted') throw failure;
    return { ...known, steps: [...steps, found, failedStep('role', 'Find the role', failure)], open };
  }
}

/** Whether a config that nobody validated has that much of a side. */
function isNamed({ sides }: Settings, side: LinkSide, key: keyof SideConfig = 'instance'): boolean {
  const given: Partial<Record<LinkSide, Partial<SideConfig>>> = sides;
  return given[side]?.[key] !== undefined;
}

function pairStep(left: OpenSide, right: OpenSide): CheckStep {
  const label = `Keep ${left.project.path} and ${right.project.path} in step`;
  try {
    refuseSameProject(left, right);
    return { id: 'pair', label, ok: true };
  } catch (error) {
    return failedStep('pair', label, ConnectorError.from(error));
  }
}

function webhookStep({ webhookSecret, signingToken }: GitLabIssuesConfig): CheckStep {
  const label = 'Webhook secret';
  if (webhookSecret || signingToken) return { id: 'webhook', label, ok: true };
  const hint =
    'None is set: anybody who knows the address can trigger a read. Set a webhook secret or a signing token if you use webhooks.';
  return { id: 'webhook', label, ok: true, hint };
}

function soonest(one: Date | undefined, other: Date | undefined): { expiresAt?: Date } {
  if (one === undefined || other === undefined) return one === other ? {} : { expiresAt: one ?? other };
  return { expiresAt: one < other ? one : other };
}

function failedStep(id: string, label: string, { kind, message, hint }: ConnectorError): CheckStep {
  if (kind === 'interrupted') throw new ConnectorError(kind, message);
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  return { id, label, ok: false, hint: hint === undefined ? sentence : `${sentence} ${hint}` };
}
