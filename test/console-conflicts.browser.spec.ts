import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeWithBrowser } from './support/capabilities.js';
import { ConsoleBrowser, type ConsoleVisit, logIn } from './support/console-browser.js';
import { PairStage } from './support/pair-stage.js';
import { retryOnceInCi } from './support/retry.js';
import { until } from './support/until.js';

retryOnceInCi();
jest.setTimeout(600_000);

/** What people see of a conflict before they decide. */
describeWithBrowser('a conflict in the console', (chromiumPath) => {
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

  const conflict = () => page.getByRole('article', { name: /^Description of/ });
  const column = (name: string) => conflict().getByRole('region', { name });
  const sync = async () => {
    expect((await stage.hub.sync(stage.connectionId)).status).toBe('succeeded');
    await page.goto(`${stage.hub.url}/conflicts`);
    await conflict().waitFor();
  };

  it('is told to have no known base where the two were never in step', async () => {
    for (const side of [stage.source, stage.target]) {
      const description = side === stage.source ? 'Ours' : 'Theirs';
      side.gitLab.world.issues.create(side.project, { title: 'Known to both', description, by: side.nora });
    }
    await sync();
    await column('Both had').getByText('Not known', { exact: true }).waitFor();
    await column('Source').getByText('Ours', { exact: true }).waitFor();
    await conflict()
      .getByRole('button', { name: /^Take Source/ })
      .click();
    await conflict().waitFor({ state: 'detached' });
    await until(() => stage.target.issue('Known to both').description?.startsWith('Ours') === true);
  });

  it('is shown with the beginnings of long texts in lists, and whole before anybody decides', async () => {
    const { source, target } = stage;
    const [left, right] = [source.issue('Known to both'), target.issue('Known to both')];
    const [mine, theirs] = [`${'ours '.repeat(2_000)}end of ours`, `${'theirs '.repeat(2_000)}end of theirs`];
    source.gitLab.world.issues.update(left, { description: `${mine}\n${left.description ?? ''}` }, { by: source.nora });
    target.gitLab.world.issues.update(
      right,
      { description: `${theirs}\n${right.description ?? ''}` },
      { by: target.nora },
    );
    await sync();
    await column('Source')
      .getByText(/^(ours )+/)
      .waitFor();
    expect(await conflict().getByText('end of').count()).toBe(0);
    expect(await conflict().getByRole('button', { name: /^Take/ }).count()).toBe(0);
    await conflict().getByRole('button', { name: 'Show the whole texts' }).press('Enter');
    await column('Source').getByText('end of ours').waitFor();
    await column('Target').getByText('end of theirs').waitFor();
    await conflict()
      .getByRole('button', { name: /^Take Target/ })
      .click();
    await conflict().waitFor({ state: 'detached' });
    await until(() => left.description?.includes('end of theirs') === true);
  });
});
