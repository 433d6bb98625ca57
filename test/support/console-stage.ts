import { GitLabSimulator, seedWorld, type SeededWorld } from '@syncline/connector-testing';
import type { HubProcess } from '../bench/lib/hub.mjs';
import { ConsoleBrowser, type ConsoleVisit } from './console-browser.js';
import { startHubProcess } from './hub-process.js';

const WORLD = {
  projects: 2,
  mergeRequests: 20,
  pipelines: 10,
  releases: 2,
  repositories: 1,
  tags: 2,
  branches: 1,
  commitsPerBranch: 10,
};

/** A GitLab, the hub as it is shipped, and a browser to open its console with. */
export class ConsoleStage {
  private constructor(
    readonly simulator: GitLabSimulator,
    readonly seeded: SeededWorld,
    readonly hub: HubProcess,
    private readonly browser: ConsoleBrowser,
  ) {}

  static async start(chromiumPath: string): Promise<ConsoleStage> {
    const simulator = await GitLabSimulator.start();
    try {
      const seeded = seedWorld(simulator.world, WORLD);
      const hub = await startHubProcess();
      try {
        return new ConsoleStage(simulator, seeded, hub, await ConsoleBrowser.open(chromiumPath));
      } catch (error) {
        await hub.stop();
        throw error;
      }
    } catch (error) {
      await simulator.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.hub.stop();
    await this.simulator.stop();
  }

  visit(): Promise<ConsoleVisit> {
    return this.browser.visit();
  }

  /** A connection, made through the API, that runs only when asked. */
  connect(name: string, config?: object, token = this.seeded.token.value): Promise<{ readonly id: string }> {
    return this.hub.connect(name, { url: this.simulator.url, token }, config);
  }
}
