import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { describeWithBrowser } from './support/capabilities.js';
import { ConsoleBrowser, type ConsoleVisit, excessWidth, logIn } from './support/console-browser.js';
import { PairStage } from './support/pair-stage.js';
import { retryOnceInCi } from './support/retry.js';
import { until } from './support/until.js';

retryOnceInCi();
jest.setTimeout(600_000);

/** Issue sync as a team lead meets it: two GitLabs, the hub as it is shipped, and the console. One story, told in order. */
describeWithBrowser('the console of issue sync', (chromiumPath) => {
  let stage: PairStage;
  let browser: ConsoleBrowser;
  let visit: ConsoleVisit;
  let page: Page;

  beforeAll(async () => {
    stage = await PairStage.start();
    browser = await ConsoleBrowser.open(chromiumPath);
    visit = await browser.visit();
    page = visit.page;
    await logIn(page, stage.hub);
  });

  afterAll(async () => {
    await browser.close();
    await stage.stop();
  });

  afterEach(() => {
    expect(visit.complaints.splice(0)).toEqual([]);
  });

  const open = (address: string) => page.goto(stage.hub.url + address);
  const titles = (side: 'source' | 'target') =>
    [...stage[side].project.issues.byIid.values()].map(({ title }) => title).sort();
  const row = (text: string) => page.getByRole('row').filter({ hasText: text });
  const button = (name: string | RegExp, within: Page | Locator = page) =>
    within.getByRole('button', { name, ...(typeof name === 'string' && { exact: true }) });
  const sync = async () => {
    const run = await stage.hub.sync(stage.connectionId);
    expect(['succeeded', 'partial']).toContain(run.status);
  };
  async function choose(field: string, option: string, within: Page | Locator = page): Promise<void> {
    await within.getByRole('combobox', { name: field }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  }

  it('says on each page what to do where nothing is there yet', async () => {
    for (const [address, text] of [
      ['/links', 'Nothing is linked yet'],
      ['/conflicts', 'No conflict is open'],
      ['/user-mappings', 'Nobody is mapped yet'],
      ['/user-mappings?tab=suggestions', 'Choose two instances'],
      [`/connections/${stage.connectionId}?tab=plan`, 'No plan yet'],
      [`/connections/${stage.connectionId}?tab=items`, 'No item is set aside'],
    ] as const) {
      await open(address);
      await page.getByText(text).waitFor();
    }
  });

  it('plans before anything is written: matches first, then every operation with its reason', async () => {
    const { source, target } = stage;
    const { issues, notes } = source.gitLab.world;
    const login = issues.create(source.project, {
      title: 'Login fails',
      description: 'Steps:\n\n1. Open it\n2. Choose SSO',
      assignees: [source.ann],
      by: source.nora,
    });
    notes.create(login, { body: 'Me too', by: source.nora });
    issues.create(source.project, { title: 'Known to both', by: source.nora });
    target.gitLab.world.issues.create(target.project, { title: 'Known to both', by: target.nora });

    await open(`/connections/${stage.connectionId}?tab=plan`);
    await button('Make a plan').click();
    const matches = page.getByRole('region', { name: 'Existing items that match' });
    await matches.getByRole('link', { name: '#2 Known to both' }).waitFor();
    const operations = page.getByRole('region', { name: 'Operations' });
    await operations.getByRole('row').filter({ hasText: 'Login fails' }).getByText('It has no copy').waitFor();
    await choose('Operation', 'Link (1)');
    await page.waitForURL(/op=link/);
    expect(titles('target')).toEqual(['Known to both']);

    await button('Sync now').click();
    await page.waitForURL(/\/runs\/[0-9a-f-]+$/);
    await page.getByText('Succeeded', { exact: true }).waitFor();
    expect(titles('target')).toEqual(['Known to both', 'Login fails']);
  });

  it('finds a link by its title, leads to both sides, and tells its history', async () => {
    await open('/links');
    await page.getByLabel('Search').fill('login');
    await page.waitForURL(/\?q=login$/);
    await row('Known to both').waitFor({ state: 'detached' });
    const found = row('Login fails');
    for (const side of ['source', 'target'] as const) {
      const { gitLab, project, issue } = stage[side];
      const url = `${gitLab.url}/${project.fullPath}/-/issues/${issue('Login fails').iid}`;
      expect(await found.locator(`a[href="${url}"]`).count()).toBe(1);
    }
    await page.getByRole('link', { name: 'History of Login fails' }).click();
    await page.getByRole('heading', { name: 'Login fails', level: 1 }).waitFor();
    const history = page.getByRole('region', { name: 'History' });
    await history.getByText('Created').waitFor();
    await history.getByText('It had no copy on the other side yet.').waitFor();
    await history.getByRole('link', { name: 'Run' }).first().click();
    await page.waitForURL(/\/runs\//);
  });

  it('shows both values of a conflict, and writes what is decided', async () => {
    const { source, target } = stage;
    const [left, right] = [source.issue('Login fails'), target.issue('Login fails')];
    source.gitLab.world.issues.update(
      left,
      { title: 'Login fails with SSO', dueDate: '2027-01-05' },
      { by: source.nora },
    );
    target.gitLab.world.issues.update(right, { title: 'SSO is broken', dueDate: '2027-02-01' }, { by: target.nora });
    await sync();

    await open('/dashboard');
    await page.getByRole('link', { name: 'Open conflicts: 2' }).click();
    const title = page.getByRole('article', { name: /^Title of/ });
    await title.getByRole('region', { name: 'Source' }).getByText('Login fails with SSO', { exact: true }).waitFor();
    await title.getByRole('region', { name: 'Target' }).getByText('SSO is broken', { exact: true }).waitFor();
    await button(/^Take Target/, title).press('Enter');
    await title.waitFor({ state: 'detached' });
    await until(() => left.title === 'SSO is broken');

    // A value of one's own, by keyboard: Escape leaves everything as it is and the focus where it was.
    const due = page.getByRole('article', { name: /^Due date of/ });
    const write = button(/^Write a value/, due);
    await write.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.waitForFunction('document.activeElement?.textContent?.startsWith("Write a value")');
    await page.keyboard.press('Enter');
    await dialog.getByLabel('Value for both sides').fill('2027-03-01');
    await page.keyboard.press('Enter');
    await page.getByText('No conflict is open').waitFor();
    await until(() => left.dueDate === '2027-03-01' && right.dueDate === '2027-03-01');

    await page.getByRole('link', { name: 'Show settled ones' }).click();
    await page.getByText('gave a value for both sides').waitFor();
  });

  it('decides many conflicts at once, and says which it could not', async () => {
    const { source, target } = stage;
    for (const [at, title] of ['SSO is broken', 'Known to both'].entries()) {
      source.gitLab.world.issues.update(source.issue(title), { title: `Ours ${at}` }, { by: source.nora });
      target.gitLab.world.issues.update(target.issue(title), { title: `Theirs ${at}` }, { by: target.nora });
    }
    await sync();
    await open('/conflicts');
    await page
      .getByRole('article', { name: /^Title of/ })
      .nth(1)
      .waitFor();
    await page.getByLabel('Choose all shown').check();
    // One of them changes, and the reader's page has not heard of it yet.
    const lists = '**/api/conflicts?*';
    await page.route(lists, (route) => route.abort());
    target.gitLab.world.issues.update(target.issue('Theirs 1'), { title: 'Theirs, again' }, { by: target.nora });
    await sync();
    await button('Take Source for all chosen').click();
    await button('Decide them', page.getByRole('dialog')).click();
    await page.getByRole('alert').getByText('1 of the chosen conflicts was not decided').waitFor();
    await page
      .getByRole('alert')
      .getByText(/Look again/)
      .waitFor();
    await until(() => titles('target').includes('Ours 0'));
    await page.unroute(lists);
    await open('/conflicts');
    const rest = page.getByRole('article');
    await rest.getByText('Theirs, again').first().waitFor();
    await button(/^Take Source/, rest).click();
    await until(() => titles('target').join() === 'Ours 0,Ours 1');
  });

  it('sets an item aside that a side refuses, with the cause, and retries it when somebody asks', async () => {
    const { source, target } = stage;
    const refusal = target.gitLab.faults.add({
      kind: 'unprocessable',
      match: { method: 'POST', path: /\/issues$/ },
    });
    source.gitLab.world.issues.create(source.project, { title: 'Refused', by: source.nora });
    await sync();
    await open('/dashboard');
    await page.getByRole('link', { name: 'Items set aside: 1' }).click();
    await page.waitForURL(/tab=items$/);
    await row('#3')
      .getByText(/refused/)
      .waitFor();
    refusal.remove();
    await button('Retry now: 3').click();
    await page.waitForURL(/\/runs\//);
    await page.getByText('Succeeded', { exact: true }).waitFor();
    expect(titles('target')).toContain('Refused');
    await open(`/connections/${stage.connectionId}?tab=items`);
    await page.getByText('No item is set aside').waitFor();
  });

  it('brings over one issue, links two by hand at their fields, and severs them after a question', async () => {
    const { source, target } = stage;
    const mine = source.gitLab.world.issues.create(source.project, { title: 'Hand made', by: source.nora });
    await open(`/connections/${stage.connectionId}?tab=items`);
    await page.getByLabel('Number').fill(`#${mine.iid}`);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/runs\/[0-9a-f-]+$/);
    await page.getByText('Succeeded', { exact: true }).waitFor();
    expect(titles('target')).toContain('Hand made');

    const one = source.gitLab.world.issues.create(source.project, { title: 'One name', by: source.nora });
    const other = target.gitLab.world.issues.create(target.project, { title: 'Another name', by: target.nora });
    await open('/links');
    await button('Link two items').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Source: issue').fill(String(one.iid));
    await dialog.getByLabel('Target: issue').fill('4711');
    await page.keyboard.press('Enter');
    await dialog.getByText('Is no issue on the right side.').waitFor();
    await dialog.getByLabel('Target: issue').fill(String(other.iid));
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/links\/[0-9a-f-]+$/);
    await page
      .getByRole('region', { name: 'History' })
      .getByText(/^Linked by/)
      .waitFor();

    await button('Sever').click();
    await button('Sever the link', dialog).click();
    await page.getByText('Severed', { exact: true }).first().waitFor();
    await page
      .getByRole('region', { name: 'History' })
      .getByText(/^Severed by/)
      .waitFor();
  });

  it('keeps user mappings: file with wrong lines, form, suggestions one by one, and out again', async () => {
    await open('/user-mappings');
    await button('Import CSV').click();
    const dialog = page.getByRole('dialog');
    const header = 'sourceInstanceId,sourceUsername,targetInstanceId,targetUsername';
    await dialog
      .getByLabel('Or its text')
      .fill(`${header}\nProduction,nora-shop,Partner,nora-shop-mirror\nProduction,nobody,Partner,ann\nonly one\n`);
    await button('Import', dialog).click();
    await dialog.getByText('1 added, 0 corrected').waitFor();
    await dialog.getByText('Line 3: sourceUsername "nobody" is no user of "Production"').waitFor();
    await dialog.getByText(/^Line 4: has 1 column/).waitFor();
    await page.keyboard.press('Escape');

    await button('Edit nora-shop').click();
    await dialog.getByLabel('Target username').fill('ghost');
    await page.keyboard.press('Enter');
    await dialog.getByText(/no user/).waitFor();
    await dialog.getByLabel('Target username').fill('ann');
    await page.keyboard.press('Enter');
    await row('nora-shop').getByText('ann', { exact: true }).waitFor();
    await button('Delete nora-shop').click();
    await button('Delete', dialog).click();
    await page.getByText('Nobody is mapped yet').waitFor();

    await page.getByRole('tab', { name: 'Suggestions' }).click();
    await choose('Source', 'Production');
    await choose('Target', 'Partner');
    await row('ann').getByText('equal username').waitFor();
    await button('Accept ann as ann').click();
    await row('ann').waitFor({ state: 'detached' });
    const mappings = await stage.hub.api<{ items: object[] }>('GET', '/api/user-mappings');
    expect(mappings.items).toHaveLength(1);

    await page.getByRole('tab', { name: 'Mappings' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('user-mappings.csv');
  });

  it('finds log lines across runs by level, words and item, and shows new ones by itself', async () => {
    await open('/logs?level=warn');
    const lines = page.getByRole('log');
    await lines
      .getByText(/was set aside/)
      .first()
      .waitFor();
    expect(await lines.getByText(/^Run started/).count()).toBe(0);
    await page.getByLabel('Search').fill('no line says this');
    await page.getByText('No line fits these filters').waitFor();
    await button('Clear filters').click();
    await lines
      .getByText(/^Run started/)
      .first()
      .waitFor();
    await page.getByLabel('Item').fill('#3');
    await page.keyboard.press('Enter');
    await page.waitForURL(/item=3/);
    await lines.getByText(/was set aside/).waitFor();
    await open('/logs?q=Run+succeeded');
    await lines
      .getByText(/^Run succeeded/)
      .first()
      .waitFor();
    const before = await lines.getByText(/^Run succeeded/).count();
    await sync();
    await lines
      .getByText(/^Run succeeded/)
      .nth(before)
      .waitFor();
  });

  it('says what is wrong with an address, and never shows a secret', async () => {
    await open('/links/00000000-0000-4000-8000-000000000000');
    const alert = page.getByRole('alert');
    await alert.getByText('Could not load the link').waitFor();
    await open('/logs?from=yesterday');
    await page
      .getByRole('alert')
      .getByText(/must be an ISO 8601 time/)
      .first()
      .waitFor();
    for (const address of ['/dashboard', '/logs?level=debug', `/connections/${stage.connectionId}?tab=settings`]) {
      await open(address);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('.mantine-Loader-root').first().waitFor({ state: 'detached' });
      const content = await page.content();
      for (const { token } of [stage.source, stage.target]) expect(content).not.toContain(token);
    }
  });

  it('fits on a phone', async () => {
    const [link] = (await stage.hub.api<{ items: { id: string }[] }>('GET', '/api/links?kind=issue')).items;
    const [conflict] = (await stage.hub.api<{ items: { id: string }[] }>('GET', '/api/conflicts')).items;
    await page.setViewportSize({ width: 375, height: 800 });
    for (const address of [
      '/dashboard',
      '/links',
      `/links/${link?.id}`,
      '/conflicts?state=all',
      `/conflicts/${conflict?.id}`,
      '/user-mappings',
      '/logs',
      `/connections/${stage.connectionId}`,
      `/connections/${stage.connectionId}?tab=plan`,
      `/connections/${stage.connectionId}?tab=items`,
    ]) {
      await open(address);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('.mantine-Loader-root').first().waitFor({ state: 'detached' });
      expect([address, await excessWidth(page)]).toEqual([address, 0]);
    }
    // Nothing is scrolled out of sight in a table either.
    await open('/links');
    const box = await page
      .getByRole('link', { name: /^History of/ })
      .first()
      .boundingBox();
    expect((box?.x ?? 375) + (box?.width ?? 0)).toBeLessThan(375);
  });
});
