import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { describeWithGit } from '../../../../../test/support/capabilities.js';
import { GitLabSimulator } from '../simulator.js';
import { GitLabRepositories } from './gitlab-repositories.js';
import { LivelyRepository } from './lively-repository.js';

describeWithGit('a lively repository', () => {
  let gitLab: GitLabSimulator;
  let repositories: GitLabRepositories;

  beforeEach(async () => {
    gitLab = await GitLabSimulator.start();
    repositories = await GitLabRepositories.open(gitLab);
  });
  afterEach(async () => {
    await repositories.stop();
    await gitLab.stop();
  });

  it('pushes something at each step, which the interface of GitLab shows, too', async () => {
    const { world } = gitLab;
    const people = ['ada', 'lin'].map((username) => world.users.create({ username }));
    const project = world.projects.create({ path: 'shop', owner: world.groups.create({ path: 'acme' }) });
    const lively = await LivelyRepository.begin(repositories, project, { people });
    const git = await repositories.of(project);
    const seen = new Set([JSON.stringify([...(await git.refs())])]);
    const done: string[] = [];
    for (let step = 0; step < 15; step += 1) {
      done.push(await lively.step());
      seen.add(JSON.stringify([...(await git.refs())]));
    }
    expect(seen.size).toBe(16);
    for (const what of [/^pushed .* to main$/, /^pushed .* to feature/, /^merged feature/, /^tagged/])
      expect(done.filter((line) => what.test(line)).length).toBeGreaterThan(0);
    const shown = [...project.repository.branches.values()].map(({ name, sha }) => [`refs/heads/${name}`, sha]);
    expect(shown.sort()).toEqual([...(await git.refs('refs/heads/'))].sort());
  });
});
