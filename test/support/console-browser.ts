import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const BROWSER_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Against hanging: longer than any one step takes on a slow and busy machine; what is there is seen at once. */
const STEP_MS = 90_000;

/** A page of a browser of its own, and what the browser complained about while it was open. */
export interface ConsoleVisit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Scripts refused by the security policy, and errors of the page's own. */
  readonly complaints: string[];
}

/** A browser to open consoles with. */
export class ConsoleBrowser {
  private constructor(private readonly browser: Browser) {}

  static async open(executablePath: string): Promise<ConsoleBrowser> {
    return new ConsoleBrowser(await chromium.launch({ executablePath, args: BROWSER_ARGS }));
  }

  close(): Promise<void> {
    return this.browser.close();
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
}

export async function logIn(page: Page, hub: { readonly url: string; readonly token: string }): Promise<void> {
  await page.goto(`${hub.url}/login`);
  await page.getByLabel('Admin token').fill(hub.token);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Log out' }).waitFor();
}

/** By how many pixels the page is wider than its window. */
export async function excessWidth(page: Page): Promise<number> {
  const wide = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
  return Math.max(0, wide);
}
