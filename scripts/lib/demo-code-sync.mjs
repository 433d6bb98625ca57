import { randomBytes } from 'node:crypto';

/**
 * Code sync for the demo: a connection from the project with a real repository to the simulated Azure DevOps, and GitLab's
 * webhook for it, so that a push arrives within seconds. Answers what to say about it.
 */
export async function connectCode(api, { hub, gitlab, azure }) {
  const { state, reason } = await api('GET', '/api/connectors/azure-devops');
  if (state !== 'ok') return `Code sync is left out: ${reason}.`;
  const source = await api('POST', '/api/instances', {
    name: 'Simulated GitLab (code)',
    kind: 'gitlab',
    baseUrl: gitlab.url,
    credentials: { token: gitlab.code.token },
  });
  const target = await api('POST', '/api/instances', {
    name: 'Simulated Azure DevOps',
    kind: 'azure-devops',
    baseUrl: azure.url,
    credentials: { token: azure.token },
  });
  const webhookSecret = randomBytes(24).toString('hex');
  const connection = await api('POST', '/api/connections', {
    name: 'Demo code sync',
    connectorId: 'azure-devops',
    schedule: { intervalMinutes: 1 },
    config: {
      gitlab: { instance: source.id, project: gitlab.code.project.path },
      azure: { instance: target.id, project: azure.project, repository: azure.repository },
      deletions: 'mirror',
      webhookSecret,
    },
    tags: ['demo'],
  });
  await hookGitLab(gitlab, `${hub}/webhooks/${connection.id}`, webhookSecret);
  const repository = `${azure.url}/${encodeURIComponent(azure.project)}/_git/${encodeURIComponent(azure.repository)}`;
  return `To ${gitlab.code.project.path} somebody really pushes two or three times a minute. The connection "${connection.name}"
carries it to a simulated Azure DevOps, whose pipelines start by themselves: filter the timeline by "Code push" and
"Azure pipeline", or look at what arrived there:
  git -c http.extraHeader="Authorization: Basic ${Buffer.from(`:${azure.token}`).toString('base64')}" ls-remote ${repository}`;
}

async function hookGitLab(gitlab, url, token) {
  const answer = await fetch(`${gitlab.url}/api/v4/projects/${gitlab.code.project.id}/hooks`, {
    method: 'POST',
    headers: { 'PRIVATE-TOKEN': gitlab.writeToken, 'content-type': 'application/json' },
    body: JSON.stringify({ url, token, push_events: true, tag_push_events: true, merge_requests_events: true }),
  });
  if (!answer.ok) throw new Error(`GitLab took no webhook: ${answer.status} ${await answer.text()}`);
}
