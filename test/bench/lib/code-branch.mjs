// One changed branch in a repository of many, beside bare git.
// Both sides are real git servers on loopback; "bare" is the same git doing the same fetch and push without a connector.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/root.mjs';
import { percentile, timesOf } from './measure.mjs';
import { header, table } from './report.mjs';

export async function benchCodeBranch({ branches, commits, rounds }) {
  const require = createRequire(join(root, 'connectors/azure-devops/package.json'));
  const {
    AzureSimulator,
    BareRepository,
    GitLabRepositories,
    GitLabSimulator,
    MemoryHost,
    readMetadata,
    VirtualClock,
  } = await import(require.resolve('@syncline/connector-testing'));
  const { connector } = await import(require.resolve('@syncline/connector-azure-devops'));
  const metadata = readMetadata(new URL('../../../connectors/azure-devops/metadata.json', import.meta.url));

  const workDir = mkdtempSync(join(tmpdir(), 'bench-code-'));
  process.env.WORK_DIR = join(workDir, 'caches');
  const clock = new VirtualClock(new Date('2026-03-02T06:00:00.000Z'));
  const gitLab = await GitLabSimulator.start({ now: clock.now });
  const repositories = await GitLabRepositories.open(gitLab);
  const { users, tokens, projects, groups } = gitLab.world;
  const project = projects.create({ path: 'web', owner: groups.create({ path: 'acme' }) });
  const reader = users.create({ username: 'sync' });
  projects.setMember(project, reader, 'developer');
  const leftToken = tokens.create({ user: reader, scopes: ['read_api', 'read_repository'] }).value;
  const azure = await AzureSimulator.start({ now: clock.now });
  await azure.createProject('shop');
  const pat = azure.world.createToken(azure.world.createUser('Robot')).value;
  const left = await repositories.of(project);
  await left.fill({ commits, branches });

  const instance = (id, kind, baseUrl, token) => ({ id, kind, name: id, baseUrl, credentials: { token } });
  const config = {
    gitlab: { instance: instance('l', 'gitlab', gitLab.url, leftToken), project: 'acme/web' },
    azure: { instance: instance('r', 'azure-devops', azure.url, pat), project: 'shop', repository: 'shop' },
  };
  const host = new MemoryHost({ connector, metadata, config, clock });
  const sync = async (options) => {
    clock.advance(60_000);
    const outcome = await host.run(options);
    if (outcome.status !== 'succeeded') throw new Error(outcome.error?.message ?? outcome.logs.at(-1)?.message);
  };

  const urls = [repositories.url(project), `${azure.url}/shop/_git/shop`];
  const basic = (user, secret) => `Authorization: Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
  const env = {
    PATH: process.env.PATH,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: `http.${gitLab.url}/.extraHeader`,
    GIT_CONFIG_VALUE_0: basic('oauth2', leftToken),
    GIT_CONFIG_KEY_1: `http.${new URL(azure.url).origin}/.extraHeader`,
    GIT_CONFIG_VALUE_1: basic('', pat),
  };
  const git = (...args) =>
    new Promise((resolve, reject) => {
      const child = spawn('git', args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
      let said = '';
      child.stderr.on('data', (text) => (said += text));
      child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(said))));
    });
  const bare = join(workDir, 'bare.git');
  await BareRepository.create(bare);

  header(`Code sync: ${branches.toLocaleString('en')} branches, ${commits.toLocaleString('en')} commits`);
  try {
    const [first] = await timesOf(1, () => sync());
    await git('--git-dir', bare, 'fetch', '-q', '--no-tags', urls[0], '+refs/heads/*:refs/heads/*');
    await timesOf(2, () => sync());

    const branch = 'refs/heads/team/0001';
    const bareTimes = [];
    const wokenTimes = [];
    const polledTimes = [];
    const change = () => left.commit('team/0001', 1);
    // Side by side and in turns, so that what else the machine does falls on all alike.
    for (let round = 0; round < rounds; round += 1) {
      await change();
      bareTimes.push(
        ...(await timesOf(1, async () => {
          await git('--git-dir', bare, 'fetch', '-q', '--no-tags', urls[0], `+${branch}:${branch}`);
          await git('--git-dir', bare, 'push', '-q', urls[1], `${branch}:${branch}`);
        })),
      );
      await sync();
      await change();
      const wakes = [{ stream: 'refs', scope: String(project.id), item: branch }];
      wokenTimes.push(...(await timesOf(1, () => sync({ mode: 'wake', wakes }))));
      await sync();
      await change();
      polledTimes.push(...(await timesOf(1, () => sync())));
    }
    const bareIdle = await timesOf(rounds, () =>
      Promise.all(urls.map((url) => git('ls-remote', '-q', '--heads', '--tags', url))),
    );
    const idle = await timesOf(rounds, () => sync());

    const median = (times) =>
      percentile(
        [...times].sort((a, b) => a - b),
        0.5,
      );
    const row = (what, times, against) => [
      what,
      median(times),
      against === undefined ? '' : median(times) / median(against),
    ];
    table(
      ['what', 'median ms', 'times bare'],
      [
        ['first sync of everything', first, ''],
        row('bare: fetch and push one changed branch', bareTimes),
        row('a hook names the branch', wokenTimes, bareTimes),
        row('a poll finds the branch', polledTimes, bareTimes),
        row('bare: ls-remote of both sides at once', bareIdle),
        row('a poll finds nothing', idle, bareIdle),
      ],
    );
    const kilobytes = (path) => Number(spawnSync('du', ['-sk', path], { encoding: 'utf8' }).stdout.split('\t')[0]);
    console.log(`\nDisk: ${kilobytes(process.env.WORK_DIR)} KiB of cache for ${kilobytes(left.path)} KiB in GitLab.`);
  } finally {
    await repositories.stop();
    await gitLab.stop();
    await azure.stop();
    rmSync(workDir, { recursive: true, force: true });
  }
}
