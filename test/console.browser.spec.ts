import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from '@jest/globals';
import { GitLabSimulator, seedWorld, type SeededWorld } from '@syncline/connector-testing';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { type HubProcess, startHub } from './bench/lib/hub.mjs';
import { describeWithBrowser } from './support/capabilities.js';

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

/** The page as people meet it: the built console, served by the hub as it is shipped, against a GitLab. */
describeWithBrowser('the console', (chromiumPath) => {
  let simulator: GitLabSimulator;
  let seeded: SeededWorld;
  let hub: HubProcess;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** What the browser complained about: scripts refused by the security policy, and errors of the page's own. */
  let complaints: string[];

  beforeAll(async () => {
    simulator = await GitLabSimulator.start();
    seeded = seedWorld(simulator.world, WORLD);
    hub = await startHub();
    browser = await chromium.launch({ executablePath: chromiumPath, args: BROWSER_ARGS });
  });

  afterAll(async () => {
    await browser.close();
    await hub.stop();
    await simulator.stop();
  });

  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    page = await context.newPage();
    page.setDefaultTimeout(STEP_MS);
    complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // An answer with an error status is logged by the browser as well; those are looked at where they matter.
      const text = message.text();
      if (message.type() === 'error' && !text.startsWith('Failed to load resource')) complaints.push(text);
    });
  });

  afterEach(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });

  async function logIn(): Promise<void> {
    await page.goto(`${hub.url}/login`);
    await page.getByLabel('Admin token').fill(hub.token);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('button', { name: 'Log out' }).waitFor();
  }

  const field = (name: string) => page.getByRole('combobox', { name });
  const focused = () => page.locator(':focus');
  const path = () => new URL(page.url()).pathname;

  describe('logging in', () => {
    it('says where the token is, and that a wrong one is wrong', async () => {
      await page.goto(hub.url);
      await page.getByText('It is also in the file admin-token').waitFor();
      await page.getByLabel('Admin token').fill('not-the-token');
      await page.keyboard.press('Enter');
      await page.getByText('The hub does not know this token.').waitFor();
      expect(path()).toBe('/login');
    });

    it('leads back to the address that was asked for, and ends with the session', async () => {
      await page.goto(`${hub.url}/runs?status=failed`);
      await page.getByLabel('Admin token').fill(hub.token);
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/runs\?status=failed$/);
      await page.getByRole('button', { name: 'Log out' }).click();
      await page.getByLabel('Admin token').waitFor();
      await page.goto(`${hub.url}/connections`);
      await page.waitForURL(/\/login/);
    });

    it('keeps the token out of the browser: only a cookie that scripts cannot read', async () => {
      await logIn();
      const kept = await page.evaluate<string>(
        'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
      );
      expect(kept).not.toContain(hub.token);
      const cookies = await context.cookies();
      expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'Strict' }]);
      expect(cookies[0]?.value).not.toContain(hub.token);
    });
  });

  describe('connecting', () => {
    it('goes from an empty hub to a timeline: instance, connection, test, run, events', async () => {
      await logIn();
      await page.waitForURL(/\/catalog$/);
      await page.getByRole('link', { name: 'Connect GitLab' }).click();

      // An instance with a bad token, made without leaving the form: the test names the step that fails.
      await page.getByRole('button', { name: 'New GitLab instance' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Create instance' }).click();
      await dialog.getByText('Access token is needed.').waitFor();
      await dialog.getByLabel('Name').fill('Simulated GitLab');
      await dialog.getByLabel('Base URL').fill(simulator.url);
      await dialog.getByLabel('Access token').fill('glpat-revoked-long-ago');
      await dialog.getByRole('button', { name: 'Create instance' }).click();
      await dialog.waitFor({ state: 'hidden' });
      expect(await field('GitLab instance').inputValue()).toContain('Simulated GitLab');
      await page.getByRole('button', { name: 'Test connection' }).click();
      await page.getByText('The test failed').waitFor();
      await page.getByRole('listitem', { name: /access token: failed/ }).waitFor();
      await page
        .getByText(/scope read_api/)
        .last()
        .waitFor();

      // The token is replaced at the instance; saving tests it.
      await page.goto(`${hub.url}/instances`);
      await page.getByRole('link', { name: 'Simulated GitLab' }).click();
      await page.getByRole('button', { name: 'Replace' }).click();
      await page.getByLabel('Access token').fill(seeded.token.value);
      await page.getByRole('button', { name: 'Save changes' }).click();
      await page.getByText('The test passed').waitFor();
      expect(await page.content()).not.toContain(seeded.token.value);

      await page.goto(`${hub.url}/connections/new/gitlab-events`);
      await page.getByLabel('Name').fill('Everything');
      await field('Branches').fill('main,');
      await page.getByRole('button', { name: 'Test connection' }).click();
      await page.getByText('The test passed').waitFor();
      await page.getByText('Manual only').click();
      await page.getByRole('button', { name: 'Create connection' }).click();
      await page.getByRole('heading', { name: 'Everything' }).waitFor();

      await page.getByRole('button', { name: 'Run now', exact: true }).click();
      await page.waitForURL(/\/runs\/[0-9a-f-]+$/);
      await page.getByText('Succeeded', { exact: true }).waitFor();
      await page.getByText(/Run succeeded/).waitFor();

      await page.goto(hub.url);
      await page.waitForURL(/\/timeline$/);
      const { total } = await hub.api<{ total: number }>('GET', '/api/events/stats');
      expect(total).toBeGreaterThan(50);
      await page.getByText(`${total} events`).waitFor();
    }, 90_000);

    it('shows what the hub refuses at the field it is about', async () => {
      await logIn();
      await page.goto(`${hub.url}/connections/new/gitlab-events`);
      await page.getByText('Cron', { exact: true }).click();
      await page.getByLabel('Cron expression').fill('every full moon');
      await page.getByRole('button', { name: 'Create connection' }).click();
      const cron = page.getByLabel('Cron expression');
      await page.locator('[aria-invalid="true"]:focus').waitFor();
      expect(await focused().getAttribute('id')).toBe(await cron.getAttribute('id'));
      expect(path()).toBe('/connections/new/gitlab-events');
    });

    it('checks the form by the schema without code from strings, which the security policy forbids', async () => {
      await logIn();
      const response = await page.goto(`${hub.url}/connections/new/gitlab-events`);
      expect(response?.headers()['content-security-policy']).toMatch(/script-src 'self'(;|$)/);
      // Later, as the page's own code: what a debugger evaluates at once is exempt from the policy.
      const refused = await page.evaluate<string>(`new Promise((resolve) => setTimeout(() => {
        try { resolve(new Function('return "ran"')()); } catch (error) { resolve(error.name); }
      }))`);
      expect(refused).toBe('EvalError');
      complaints.length = 0;

      const secret = page.getByLabel('Webhook secret token');
      await secret.fill('short');
      await page.getByLabel('Webhook signing token').fill('no-prefix');
      await page.getByRole('button', { name: 'Create connection' }).click();
      await page.getByText('At least 8 characters.').waitFor();
      await page.getByText(/must match \^whsec_/).waitFor();
      await secret.fill('long enough now');
      await page.getByText('At least 8 characters.').waitFor({ state: 'detached' });
    });

    it('keeps a secret that is not touched, and shows only how it ends', async () => {
      const { id } = await hub.connect(
        'Secretive',
        { url: simulator.url, token: seeded.token.value },
        {
          webhookSecret: 'a-secret-of-f3a9',
        },
      );
      await logIn();
      await page.goto(`${hub.url}/connections/${id}?tab=settings`);
      await page.getByText('Set, ends in f3a9').first().waitFor();
      expect(await page.getByRole('button', { name: 'Save changes' }).isDisabled()).toBe(true);
      await page.getByLabel('Description').fill('What the platform team watches');
      await page.getByRole('button', { name: 'Save changes' }).click();
      await page.getByText('Connection saved.').waitFor();
      expect(await hub.api('GET', `/api/connections/${id}`)).toMatchObject({
        description: 'What the platform team watches',
        config: { webhookSecret: { set: true } },
      });

      await page.getByRole('group', { name: 'Webhook secret token' }).getByRole('button', { name: 'Remove' }).click();
      await page.getByRole('button', { name: 'Save changes' }).click();
      await page.getByRole('textbox', { name: 'Webhook secret token' }).waitFor();
      const saved = await hub.api<{ config: object }>('GET', `/api/connections/${id}`);
      expect(saved.config).not.toHaveProperty('webhookSecret');
    });

    it('offers what the remote system has', async () => {
      const { id } = await hub.connect('Choosy', { url: simulator.url, token: seeded.token.value });
      await logIn();
      await page.goto(`${hub.url}/connections/${id}?tab=settings`);
      const project = seeded.projects[0];
      await field('Projects').fill(project?.path ?? '');
      await page
        .getByRole('option')
        .filter({ hasText: project?.path ?? '' })
        .first()
        .click();
      await page.getByRole('button', { name: 'Save changes' }).click();
      await page.getByText('Connection saved.').waitFor();
      const saved = await hub.api<{ config: { projects: string[] } }>('GET', `/api/connections/${id}`);
      expect(saved.config.projects).toHaveLength(1);
    });
  });

  describe('the timeline', () => {
    beforeAll(async () => {
      const { id } = await hub.connect('Timeline', { url: simulator.url, token: seeded.token.value });
      await hub.sync(id);
    });

    it('filters, and says so in its address', async () => {
      await logIn();
      await page.goto(`${hub.url}/timeline`);
      await page.getByText(/^\d+ events$/).waitFor();
      await page.getByRole('button', { name: /^Merge request \d/ }).click();
      await page.waitForURL(/eventType=merge_request/);
      const { total } = await hub.api<{ total: number }>('GET', '/api/events/stats?eventType=merge_request');
      await page.getByText(`${total} events`).waitFor();

      await page.getByLabel('Search').fill('no event says this');
      await page.getByText('No event fits these filters').waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).first().click();
      await page.waitForURL(/\/timeline$/);
      expect(await page.getByLabel('Search').inputValue()).toBe('');
    });

    it('opens at a view that somebody sent, and zooms by a click and back', async () => {
      await logIn();
      await page.goto(`${hub.url}/timeline?eventType=release`);
      const { total } = await hub.api<{ total: number }>('GET', '/api/events/stats?eventType=release');
      await page.getByText(`${total} events`).waitFor();
      await page
        .getByRole('button', { name: /: [1-9]\d* events?\. Zoom in$/ })
        .first()
        .click();
      await page.waitForURL(/from=.*&to=/);
      await page.getByLabel('From', { exact: true }).waitFor();
      await page.goBack();
      await page.waitForURL(/timeline\?eventType=release$/);
    });

    it('shows an event with the fields and transitions it has', async () => {
      await logIn();
      await page.goto(`${hub.url}/timeline?eventType=merge_request&status=merged`);
      await page.getByRole('listitem').getByRole('button', { expanded: false }).first().click();
      await page.getByText('Source branch', { exact: true }).waitFor();
      const changes = page.getByRole('list', { name: 'Status changes' });
      await changes.getByText('opened', { exact: true }).waitFor();
      await changes.getByText('merged', { exact: true }).waitFor();
    });

    it('shows a change that happens while it is open, without being reloaded', async () => {
      const { id } = await hub.connect('Live', { url: simulator.url, token: seeded.token.value });
      await hub.sync(id);
      await logIn();
      await page.goto(`${hub.url}/timeline?connection=${id}`);
      await page.getByText('Live', { exact: true }).waitFor();
      const project = seeded.projects[0];
      if (project === undefined) throw new Error('The world has no project.');
      simulator.world.mergeRequests.create(project, {
        title: 'Opened while somebody watches',
        sourceBranch: 'watched',
        targetBranch: 'main',
      });
      await hub.sync(id);
      await page.getByText('Opened while somebody watches', { exact: true }).waitFor();
    });
  });

  it('works without a mouse: skip link, menu and form by keyboard', async () => {
    await logIn();
    await page.goto(`${hub.url}/catalog`);
    await page.getByRole('link', { name: 'Connect GitLab' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await focused().textContent()).toBe('Skip to the page');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focused().getAttribute('aria-label')).toBe('Connect GitLab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/connections\/new\/gitlab-events$/);
  });

  it('follows the system to dark colours and down to a phone without cutting anything off', async () => {
    await logIn();
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
    await page.setViewportSize({ width: 375, height: 800 });
    for (const address of ['/timeline', '/catalog', '/connections', '/instances', '/runs', '/deliveries']) {
      await page.goto(hub.url + address);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('.mantine-Loader-root').waitFor({ state: 'detached' });
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      expect([address, Math.max(0, wide)]).toEqual([address, 0]);
    }
  });
});
