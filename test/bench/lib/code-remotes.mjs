// A GitLab and an Azure DevOps with real git behind both, as a process of their own, so that their work is not the hubs'.
// As a program: node code-remotes.mjs <repositories>
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root, startNode } from './child-process.mjs';

const self = fileURLToPath(import.meta.url);

/** As many repositories on both sides, those of Azure DevOps empty. */
export async function startCodeRemotes(count) {
  const child = await startNode([self, String(count)], { ready: /^(\{.*"gitLab".*\})$/m });
  const { control, ...places } = JSON.parse(child.match[1]);
  const ask = async (path) => {
    const response = await fetch(`${control}/${path}`, { method: 'POST' });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    ...places,
    /** One more commit on the main branch of each. */
    change: () => ask('change'),
    /** Keeps git of one project, or of all, waiting for GitLab's answers, until `letGo`. */
    hold: (path = '') => ask(`hold?path=${encodeURIComponent(path)}`),
    /** How many requests wait. */
    held: () => ask('held'),
    letGo: () => ask('letGo'),
    /** Paths of projects whose refs differ between both sides. */
    differing: () => ask('differing'),
    stop: () => child.stop(),
  };
}

async function serve(count) {
  const require = createRequire(join(root, 'connectors/azure-devops/package.json'));
  const { AzureSimulator, GitLabRepositories, GitLabSimulator } = await import(
    require.resolve('@syncline/connector-testing')
  );
  const gitLab = await GitLabSimulator.start();
  const repositories = await GitLabRepositories.open(gitLab);
  const azure = await AzureSimulator.start();
  const { users, tokens, projects, groups } = gitLab.world;
  const owner = groups.create({ path: 'acme' });
  const reader = users.create({ username: 'sync' });
  const sites = [];
  for (let index = 1; index <= count; index += 1) {
    const project = projects.create({ path: `app-${index}`, owner });
    projects.setMember(project, reader, 'developer');
    const left = await repositories.of(project);
    await left.fill({ commits: 20, branches: 3 });
    sites.push({ project, left, right: (await azure.createProject(`app-${index}`)).git });
  }

  let fault;
  const answers = {
    async change() {
      for (const { left } of sites) await left.commit('main', 1);
      return {};
    },
    hold(query) {
      const path = query.get('path');
      fault = repositories.git.faults.add({ kind: 'held', match: path ? { path: new RegExp(`/${path}\\.git`) } : {} });
      return {};
    },
    held: () => fault?.hits ?? 0,
    letGo() {
      fault?.remove();
      return {};
    },
    async differing() {
      const differs = async ({ project, left, right }) => {
        const [a, b] = await Promise.all([left.refs('refs/heads'), right.refs('refs/heads')]);
        const isEqual = a.size === b.size && [...a].every(([name, sha]) => b.get(name) === sha);
        return isEqual ? [] : [project.fullPath];
      };
      const found = [];
      for (const site of sites) found.push(...(await differs(site)));
      return found;
    },
  };
  const control = createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    Promise.resolve(answers[url.pathname.slice(1)](url.searchParams)).then(
      (answer) => response.end(JSON.stringify(answer)),
      (error) => response.writeHead(500).end(String(error.stack)),
    );
  });
  await new Promise((resolve) => control.listen(0, '127.0.0.1', resolve));
  process.once('SIGTERM', async () => {
    await repositories.stop();
    await gitLab.stop();
    await azure.stop();
    process.exit();
  });
  console.log(
    JSON.stringify({
      control: `http://127.0.0.1:${control.address().port}`,
      gitLab: {
        url: gitLab.url,
        token: tokens.create({ user: reader, scopes: ['read_api', 'read_repository'] }).value,
      },
      azure: { url: azure.url, token: azure.world.createToken(azure.world.createUser('Robot')).value },
      projects: sites.map(({ project }) => ({ id: project.id, path: project.fullPath, name: project.path })),
    }),
  );
}

if (process.argv[1] === self) await serve(Number(process.argv[2]));
