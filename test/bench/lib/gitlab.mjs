// The GitLab simulator as its own process, so that its work is not counted as the hub's.
import { startNode } from './child-process.mjs';

export async function startGitLab(args) {
  const child = await startNode(['libs/connector-testing/dist/gitlab-simulator/main.js', ...args], {
    ready: /^(\{.*"url".*\})$/m,
    timeoutMs: 120_000,
  });
  const { url, token, writeToken, projects } = JSON.parse(child.match[1]);
  const control = async (method, action, body) => {
    const response = await fetch(`${new URL(url).origin}/__sim/${action}`, { method, body });
    if (!response.ok) throw new Error(`${action}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    url,
    token,
    writeToken,
    projects,
    pid: child.pid,
    control,
    skip: (ms) => control('POST', `clock?skip=${ms}`),
    latency: (ms) => control('POST', `latency?ms=${ms}`),
    change: async (percent) => (await control('POST', `change?percent=${percent}`)).changes,
    requests: (since) => control('GET', since === undefined ? 'requests' : `requests?since=${since}`),
    log: () => control('GET', 'log'),
    stop: () => child.stop(),
  };
}
