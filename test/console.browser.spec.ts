import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { HubProcess } from './bench/lib/hub.mjs';
import { describeWithBrowser } from './support/capabilities.js';
import { type ConsoleVisit, excessWidth, logIn as logInTo } from './support/console-browser.js';
import { ConsoleStage } from './support/console-stage.js';
import { retryOnceInCi } from './support/retry.js';

retryOnceInCi();
jest.setTimeout(600_000);

/** The page as people meet it: the built console, served by the hub as it is shipped, against a GitLab. */
describeWithBrowser('the console', (chromiumPath) => {
  let stage: ConsoleStage;
  let hub: HubProcess;
  let visit: ConsoleVisit;
  let page: Page;

  beforeAll(async () => {
    stage = await ConsoleStage.start(chromiumPath);
    hub = stage.hub;
  });

  afterAll(() => stage.stop());

  beforeEach(async () => {
    visit = await stage.visit();
    page = visit.page;
  });

  afterEach(async () => {
    await visit.context.close();
    expect(visit.complaints).toEqual([]);
  });

  const logIn = () => logInTo(page, hub);
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
      const cookies = await visit.context.cookies();
      expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'Strict' }]);
      expect(cookies[0]?.value).not.toContain(hub.token);
    });
  });

  describe('connecting', () => {
    it('goes from an empty hub to a timeline: instance, connection, test, run, events', async () => {
      await logIn();
      await page.waitForURL(/\/catalog$/);
      await page.getByRole('link', { name: 'Connect GitLab', exact: true }).click();

      // An instance with a bad token, made without leaving the form: the test names the step that fails.
      await page.getByRole('button', { name: 'New GitLab instance' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Create instance' }).click();
      await dialog.getByText('Access token is needed.').waitFor();
      await dialog.getByLabel('Name').fill('Simulated GitLab');
      await dialog.getByLabel('Base URL').fill(stage.simulator.url);
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
      await page.getByLabel('Access token').fill(stage.seeded.token.value);
      await page.getByRole('button', { name: 'Save changes' }).click();
      await page.getByText('The test passed').waitFor();
      expect(await page.content()).not.toContain(stage.seeded.token.value);

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
      await page.waitForURL(/\/dashboard$/);
      await page.getByRole('link', { name: /^Events, 24 h/ }).waitFor();
      await page.goto(`${hub.url}/timeline`);
      const { total } = await hub.api<{ total: number }>('GET', '/api/events/stats');
      expect(total).toBeGreaterThan(50);
      await page.getByText(`${total} events`).waitFor();
    });

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
      visit.complaints.length = 0;

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
      const { id } = await stage.connect('Secretive', {
        webhookSecret: 'a-secret-of-f3a9',
      });
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
      const { id } = await stage.connect('Choosy');
      await logIn();
      await page.goto(`${hub.url}/connections/${id}?tab=settings`);
      const project = stage.seeded.projects[0];
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
      const { id } = await stage.connect('Timeline');
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
      const { id } = await stage.connect('Watched');
      await hub.sync(id);
      await logIn();
      await page.goto(`${hub.url}/timeline?connection=${id}`);
      await page.getByText('Live', { exact: true }).waitFor();
      const project = stage.seeded.projects[0];
      if (project === undefined) throw new Error('The world has no project.');
      stage.simulator.world.mergeRequests.create(project, {
        title: 'Opened while somebody watches',
        sourceBranch: 'watched',
        targetBranch: 'main',
      });
      await hub.sync(id);
      await page.getByText('Opened while somebody watches', { exact: true }).waitFor();
    });
  });

  describe('runs and deliveries', () => {
    it('cancels a run that goes on', async () => {
      const { id } = await stage.connect('Slow');
      await logIn();
      const fault = stage.simulator.faults.add({ kind: 'held' });
      try {
        await page.goto(`${hub.url}/connections/${id}`);
        await page.getByRole('button', { name: 'Run now', exact: true }).click();
        await page.getByText('Running', { exact: true }).waitFor();
        await page.getByRole('button', { name: 'Cancel run' }).click();
        await page.getByText('Cancelled', { exact: true }).waitFor();
        await page.getByRole('button', { name: 'Cancel run' }).waitFor({ state: 'detached' });
      } finally {
        fault.remove();
      }
    });

    it('says why a run failed and what to do, at the run and at its connection', async () => {
      const { id } = await stage.connect('Expired', {}, 'glpat-expired');
      const run = await hub.sync(id);
      await logIn();
      await page.goto(`${hub.url}/runs/${run.id}`);
      await page.getByText('Failed', { exact: true }).first().waitFor();
      const hint = run.error?.hint ?? 'the run has no hint';
      await page.getByRole('alert').getByText(hint).waitFor();
      await page.goto(`${hub.url}/connections`);
      const row = page.getByRole('listitem', { name: 'Expired' });
      await row.getByText('Needs attention').waitFor();
      await row.getByText(hint).waitFor();
    });

    it('lists what webhooks delivered, and replays it', async () => {
      const { id } = await stage.connect('Hooked');
      const project = stage.seeded.projects[0];
      const delivered = await fetch(`${hub.url}/webhooks/${id}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-gitlab-event': 'Merge Request Hook' },
        body: JSON.stringify({
          object_kind: 'merge_request',
          event_type: 'merge_request',
          project: { id: project?.id, path_with_namespace: project?.fullPath },
          object_attributes: { id: 1, iid: 1, state: 'opened', action: 'update' },
        }),
      });
      expect(delivered.status).toBe(202);
      await logIn();
      await page.goto(`${hub.url}/deliveries?connectionId=${id}`);
      await page.getByRole('cell', { name: 'Merge Request Hook', exact: true }).waitFor();
      await page.getByRole('button', { name: 'Replay Merge Request Hook' }).click();
      await page.waitForURL(/\/runs\//);
      await page.getByText('Succeeded', { exact: true }).waitFor();
      await page.getByText(/trigger: (replay|webhook)/).waitFor();
    });
  });

  it('works without a mouse: skip link, menu and form by keyboard', async () => {
    await logIn();
    await page.goto(`${hub.url}/catalog`);
    await page.getByRole('link', { name: 'Connect GitLab', exact: true }).waitFor();
    await page.keyboard.press('Tab');
    expect(await focused().textContent()).toBe('Skip to the page');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    const first = page.getByRole('link', { name: /^Connect / }).first();
    expect(await focused().getAttribute('aria-label')).toBe(await first.getAttribute('aria-label'));
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/connections\/new\/[a-z-]+$/);
  });

  it('follows the system to dark colours and down to a phone without cutting anything off', async () => {
    await logIn();
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
    await page.setViewportSize({ width: 375, height: 800 });
    for (const address of [
      '/dashboard',
      '/timeline',
      '/conflicts',
      '/links',
      '/user-mappings',
      '/catalog',
      '/connections',
      '/instances',
      '/runs',
      '/logs',
      '/deliveries',
    ]) {
      await page.goto(hub.url + address);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('.mantine-Loader-root').first().waitFor({ state: 'detached' });
      expect([address, await excessWidth(page)]).toEqual([address, 0]);
    }
  });
});
