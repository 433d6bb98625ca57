import type { Project } from '../model/project.js';
import { anyCommit } from './seed-repository.js';
import { spread, type SeedContext } from './seed-context.js';

const images = ['api', 'web', 'worker', 'tools', 'docs'];
const environments = ['production', 'staging', 'review/main'];

/** What is shipped: releases with their git tags. */
export function seedReleases(context: SeedContext, project: Project): void {
  const { world, random, size, people } = context;
  spread(context, size.releases).forEach((moment, index) => {
    world.at(moment, () => {
      const tagName = `v1.${index}.0`;
      world.releases.create(project, {
        tagName,
        name: `Release 1.${index}`,
        description: `What changed in ${tagName}.`,
        ref: anyCommit(context, project),
        by: random.pick(people),
        links: [
          { name: 'installer', url: `https://downloads.example.com/${project.path}/${tagName}`, linkType: 'package' },
        ],
      });
    });
  });
}

/** Images: `latest` and numbered ones. */
export function seedRegistry(context: SeedContext, project: Project): void {
  const { world, size } = context;
  for (let index = 0; index < size.repositories; index += 1) {
    const repository = world.registry.createRepository(project, images[index] ?? `image-${index + 1}`);
    spread(context, size.tags).forEach((moment, tag) => {
      world.at(moment, () => world.registry.pushTag(repository, tag === size.tags - 1 ? 'latest' : `1.${tag}.0`));
    });
  }
}

export function seedDeployments(context: SeedContext, project: Project): void {
  const { world, random, size, people } = context;
  spread(context, size.deployments).forEach((moment, index) => {
    const deployment = world.at(moment, () =>
      world.deployments.create(project, {
        environment: random.pick(environments),
        sha: anyCommit(context, project),
        user: random.pick(people),
        status: 'running',
      }),
    );
    const running = index === size.deployments - 1;
    const status = random.chance(0.1) ? 'failed' : 'success';
    if (!running) world.at(moment + 90_000, () => world.deployments.finish(deployment, status));
  });
}
