import type { Page } from 'playwright-core';
import type { Scenery } from './scenery.ts';

interface Taking {
  readonly scenery: Scenery;
  readonly take: (page: Page, name: string) => Promise<void>;
}

/** The three steps, on a target that is too small. */
export async function showBlockedWizard(page: Page, { scenery, take }: Taking): Promise<void> {
  await take(page, 'list-empty');
  await page.getByRole('button', { name: 'New', exact: true }).first().click();
  await page.getByText('The preparation is done').click();
  await take(page, 'wizard-1-preparation');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Name of the migration').fill('Orders database');
  await page.getByLabel('Link of the image').fill(scenery.data);
  await page.getByRole('radio', { name: /^scratch/ }).check();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('heading', { name: 'What was found' }).waitFor();
  await take(page, 'wizard-3-blocked');
  await page.getByRole('button', { name: 'Back' }).click();
}

/** The same onto one that is large enough, while it runs. */
export async function showMigration(page: Page, { take }: Taking): Promise<void> {
  await page.getByRole('radio', { name: /^orders-db/ }).check();
  await take(page, 'wizard-2-configuration');
  await page.getByText('Options of the migration').click();
  await page.getByLabel('Limit in MiB a second').fill('6');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('heading', { name: 'What was found' }).waitFor();
  await take(page, 'wizard-3-checks');
  for (const box of await page.getByText(/^I accept this:/).all()) await box.click();
  await page.getByRole('button', { name: 'Finish' }).click();
  await page.locator('[data-event="progressed"]').first().waitFor();
  await page.waitForTimeout(9000);
  await take(page, 'migration-running');
}

/** An instance as well, so that the overview has something of everything. */
export async function showLists(page: Page, { scenery, take }: Taking): Promise<void> {
  await page.goto(`${scenery.address}/instance-migrations`);
  await page.getByRole('button', { name: 'New', exact: true }).first().click();
  await page.getByText('The preparation is done').click();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Name of the migration').fill('Web server');
  await page.getByLabel('Link of the image').fill(scenery.system);
  await page.getByRole('radio', { name: /^web-tokyo/ }).check();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('heading', { name: 'What was found' }).waitFor();
  for (const box of await page.getByText(/^I accept this:/).all()) await box.click();
  await page.getByRole('button', { name: 'Finish' }).click();
  await page.locator('main [data-state="succeeded"]').first().waitFor({ timeout: 30_000 });
  await take(page, 'migration-succeeded');
  await page.goto(`${scenery.address}/`);
  await page.getByRole('progressbar').first().waitFor();
  await take(page, 'overview');
}

const PLACES = ['data-migrations', 'instances', 'volumes', 'workers', 'users', 'audit', 'settings'] as const;

export async function showPlaces(page: Page, { scenery, take }: Taking): Promise<void> {
  for (const place of PLACES) {
    await page.goto(`${scenery.address}/${place}`);
    await page.locator('main h1').waitFor();
    await page.waitForTimeout(1200);
    await take(page, place);
  }
  await page.goto(`${scenery.address}/instances`);
  await page.getByRole('link', { name: 'web-tokyo' }).first().click();
  await page.getByRole('log').waitFor();
  await page.waitForTimeout(2500);
  await take(page, 'instance');
}
