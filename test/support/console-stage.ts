import { GitLabSimulator, seedWorld, type SeededWorld } from '@syncline/connector-testing';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { type HubProcess, startHub } from '../bench/lib/hub.mjs';

const BROWSER_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
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
/** Longer than any one step takes on a busy machine; what is there is seen at once. */
const STEP_MS = 15_000;

/** A page of a browser of its own, and what the browser complained about while it was open. */
export interface ConsoleVisit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Scripts refused by the security policy, and errors of the page's own. */
  readonly complaints: string[];
}

/** A GitLab, the hub as it is shipped, and a browser to open its console with. */
export class ConsoleStage {
  private constructor(
    readonly simulator: GitLabSimulator,
    readonly seeded: SeededWorld,
    readonly hub: HubProcess,
    private readonly browser: Browser,
  ) {}

  static async start(chromiumPath: string): Promise<ConsoleStage> {
    const simulator = await GitLabSimulator.start();
    try {
      const seeded = seedWorld(simulator.world, WORLD);
      const hub = await startHub();
      try {
        return new ConsoleStage(simulator, seeded, hub, await openBrowser(chromiumPath));
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

  /** Nobody is logged in yet, and nothing is remembered from earlier visits. */
  async visit(): Promise<ConsoleVisit> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(STEP_MS);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // An answer with an error status is logged by the browser as well; those are looked at where they matter.
      const text = message.text();
      if (message.type() === 'error' && !text.startsWith('Failed to load resource')) complaints.push(text);
    });
    return { page, context, complaints };
  }

  /** A connection, made through the API, that runs only when asked. */
  connect(name: string, config?: object, token = this.seeded.token.value): Promise<{ readonly id: string }> {
    return this.hub.connect(name, { url: this.simulator.url, token }, config);
  }
}

const openBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: BROWSER_ARGS });
