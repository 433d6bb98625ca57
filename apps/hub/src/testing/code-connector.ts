import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { SettingsValues } from '../config/settings.js';
import { writeConnectors } from './test-connectors.js';
import { type Json, request, startTestHub, type TestHub } from './test-hub.js';

const instanceKind = (kind: string) => ({
  kind,
  displayName: kind,
  credentials: [{ name: 'token', label: 'Token', required: true }],
  baseUrl: {},
});

/** The id, the kinds and the config keys of the connector that carries code to Azure DevOps. */
const metadata = {
  id: 'azure-devops',
  displayName: 'Azure DevOps',
  description: 'Carries code.',
  color: '#0078d4',
  logo: 'logo.svg',
  version: '1.0.0',
  capabilities: ['webhook'],
  instanceKinds: [instanceKind('gitlab'), instanceKind('azure-devops')],
  configSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['gitlab', 'azure'],
    properties: {
      gitlab: {
        type: 'object',
        title: 'GitLab',
        additionalProperties: false,
        required: ['instance', 'project'],
        properties: {
          instance: { type: 'string', title: 'Instance', 'x-instance': 'gitlab' },
          project: { type: ['string', 'integer'], title: 'Project', minLength: 1 },
        },
      },
      azure: {
        type: 'object',
        title: 'Azure DevOps',
        additionalProperties: false,
        required: ['instance', 'project', 'repository'],
        properties: {
          instance: { type: 'string', title: 'Instance', 'x-instance': 'azure-devops' },
          project: { type: 'string', title: 'Project', minLength: 1 },
          repository: { type: 'string', title: 'Repository' },
        },
      },
      branches: { type: 'array', title: 'Branches', items: { type: 'string' }, 'x-list': true },
      webhookSecret: { type: 'string', title: 'Webhook secret', 'x-secret': true },
    },
  },
  eventTypes: [],
  defaultIntervalMinutes: 10,
  docs: '# Azure DevOps',
};

/** Its sync writes what it was asked into the run's log. */
const source = `
export const connector = {
  async check() { return { steps: [] }; },
  async sync(session, config) {
    const { params, wakes } = session.request;
    if (params.carries !== undefined) {
      const side = (instance, projectId) => ({ instanceId: instance.id, projectId, key: 'refs/heads/main' });
      const [left, right] = [side(config.gitlab.instance, params.carries), side(config.azure.instance, 'web')];
      await session.links.intend([{ kind: 'ref', left, right }]);
    }
    session.log.info('asked', { data: { params, wakes } });
    return { fetched: 0, stored: 0 };
  },
  webhook: {
    verify: ({ headers }, { webhookSecret }) => {
      if (webhookSecret === undefined) return { ok: true, unsigned: true };
      const ok = headers['x-gitlab-token'] === webhookSecret;
      return ok ? { ok, unsigned: false } : { ok, reason: 'The secret token is wrong.' };
    },
    identify: ({ rawBody }) => {
      const payload = JSON.parse(new TextDecoder().decode(rawBody));
      const scope = String(payload.project.id);
      return { event: 'push', dedupKey: String(payload.key), scope, transitions: [], payload: {},
        wakes: [{ stream: 'refs', scope, item: payload.ref }] };
    },
  },
};
`;

export interface CodeHub extends TestHub {
  /** A new connection without a schedule. Returns its id. */
  connect(name: string, project: string | number, changes?: CodeChanges): Promise<string>;
  /** Lets a run carry a ref of the project with this id. */
  carry(id: string, projectId: string): Promise<void>;
  /** What the last run of a connection was asked, once it has ended. */
  asked(runId: string): Promise<Json>;
  hook(payload: unknown, headers?: Record<string, string>): ReturnType<typeof request>;
}

export interface CodeChanges {
  readonly enabled?: boolean;
  readonly webhookSecret?: string;
  /** Address of GitLab. */
  readonly gitLab?: string;
}

/** A folder with the connector; the caller removes it. */
export const writeCodeConnector = () => writeConnectors({ 'azure-devops': { metadata, source } });

/** A hub with a connector of the id azure-devops. */
export async function startCodeHub(overrides: Partial<SettingsValues> = {}): Promise<CodeHub> {
  const folder = await writeCodeConnector();
  const hub = await startTestHub({ connectorDirs: [folder], ...overrides });
  const made = async (path: string, body: object): Promise<string> => {
    const answer = await hub.api('POST', path, body);
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return String(answer.body.id);
  };
  return {
    ...hub,
    async connect(name, project, { enabled, webhookSecret, gitLab = 'https://gitlab.example' } = {}) {
      const instance = (kind: string, baseUrl: string) =>
        made('/api/instances', { name: `${kind} of ${name}`, kind, baseUrl, credentials: { token: 'secret-token-1' } });
      const config = {
        gitlab: { instance: await instance('gitlab', gitLab), project },
        azure: {
          instance: await instance('azure-devops', 'https://azure.example/acme'),
          project: 'Web',
          repository: 'web',
        },
        ...(webhookSecret === undefined ? {} : { webhookSecret }),
      };
      return made('/api/connections', { name, connectorId: 'azure-devops', enabled, schedule: null, config });
    },
    async carry(id, projectId) {
      const { body } = await hub.api('POST', `/api/connections/${id}/sync`, { params: { carries: projectId } });
      await askedOf(hub, body.runId);
    },
    asked: (runId) => askedOf(hub, runId),
    hook: (payload, headers) => request(`${hub.url}/webhook/gitlab`, 'POST', payload, headers),
    async close() {
      await hub.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Looks every few milliseconds, for at most 15 seconds. */
export async function askedOf(hub: Pick<TestHub, 'api'>, runId: string): Promise<Json> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const { body } = await hub.api('GET', `/api/runs/${runId}/logs`);
    const line = body.items.find(({ message }: Json) => message === 'asked');
    if (line !== undefined) return line.data;
    await wait(50);
  }
  throw new Error(
    `The run ${runId} said nothing: ${JSON.stringify((await hub.api('GET', `/api/runs/${runId}`)).body)}`,
  );
}
