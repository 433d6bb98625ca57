import { setTimeout } from 'node:timers/promises';

/** How often somebody writes in one of the two trackers. */
const TICK_MS = 15_000;
/** The first sync of a few issues takes a second or two; a machine under load more. */
const PATIENCE_MS = 60_000;

/** How the two simulators are started: a tracker with issues, and one of a partner that has none yet. */
export const issueWorlds = {
  ours: ['--world', 'issues', '--issues', '25', '--comments', '1', '--seed', 'ours'],
  partner: ['--world', 'issues', '--issues', '0', '--seed', 'partner'],
};

/**
 * Issue sync for the demo: two simulated GitLabs kept in step both ways, with a conflict that waits for a decision, an
 * item that was refused, and people who go on writing on both sides. Answers what to say about it.
 */
export async function connectIssues(api, { hub, ours, partner }) {
  const { state, reason } = await api('GET', '/api/connectors/gitlab-issues');
  if (state !== 'ok') return `Issue sync is left out: ${reason}.`;
  const [source, target] = [await instance(api, 'Our GitLab', ours), await instance(api, "Partner's GitLab", partner)];
  await api('POST', '/api/user-mappings', {
    sourceInstanceId: source.id,
    sourceUsername: 'nora',
    targetInstanceId: target.id,
    targetUsername: 'nora',
  });
  const connection = await api('POST', '/api/connections', {
    name: 'Demo issue sync',
    connectorId: 'gitlab-issues',
    schedule: { intervalMinutes: 1 },
    config: {
      source: { instance: source.id, project: ours.projects[0].path },
      target: { instance: target.id, project: partner.projects[0].path },
      bidirectional: true,
    },
    tags: ['demo'],
  });
  await idle(api, connection.id);
  await disagree(api, connection.id, { ours, partner });
  await api('POST', `/api/connections/${connection.id}/sync`, {});
  await idle(api, connection.id);
  live({ ours, partner });
  return `The issues of two more simulated GitLabs are kept in step by the connection "${connection.name}": ${ours.url}
and ${partner.url}. Both sides have changed one title differently: decide it at ${hub}/conflicts. One item
was refused and waits for its next try; ${hub}/dashboard leads to it. Somebody goes on writing on both sides.`;
}

const instance = (api, name, { url, writeToken }) =>
  api('POST', '/api/instances', { name, kind: 'gitlab', baseUrl: url, credentials: { token: writeToken } });

/** Waits until the connection has nothing to do. */
async function idle(api, connectionId) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const { items } = await api('GET', `/api/runs?connectionId=${connectionId}&limit=5`);
    if (items.length > 0 && items.every(({ finishedAt }) => finishedAt !== null)) return;
    if (Date.now() > deadline) throw new Error('the first sync of the issues does not end');
    await setTimeout(200);
  }
}

/** One issue gets a title here and another one there; of another the partner's GitLab refuses the next edit. */
async function disagree(api, connectionId, { ours, partner }) {
  const { items } = await api('GET', `/api/links?connectionId=${connectionId}&kind=issue&state=active&limit=3`);
  const [first, second] = items;
  if (second === undefined) throw new Error('the first sync linked no issues');
  await edit(ours, first.left.key, { title: `${first.left.title} (seen by three customers)` });
  await edit(partner, first.right.key, { title: `${first.right.title}, since Monday` });
  await edit(ours, second.left.key, { description: 'Found the cause: the cache is never emptied.' });
  await call(partner, 'POST', '/__sim/faults', {
    kind: 'forbidden',
    match: { method: 'PUT', path: `/issues/${second.right.key}$` },
    times: 1,
  });
}

const edit = ({ url, writeToken, projects }, iid, fields) =>
  call({ url }, 'PUT', `/api/v4/projects/${projects[0].id}/issues/${iid}`, fields, { 'PRIVATE-TOKEN': writeToken });

/** Comments on one side or the other, and now and then a new issue. Ends with the demo. */
function live(sides) {
  let tick = 0;
  setInterval(() => {
    tick += 1;
    const side = tick % 2 === 0 ? sides.ours : sides.partner;
    const what = tick % 5 === 0 ? 'created=1' : 'comments=1';
    // A demo that is being stopped has no one to answer.
    call(side, 'POST', `/__sim/issues?project=${side.projects[0].id}&${what}`).catch(() => undefined);
  }, TICK_MS).unref();
}

async function call({ url }, method, path, body, headers = {}) {
  const answer = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
}
