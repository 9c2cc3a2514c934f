import type { Page } from 'playwright-core';

export interface Configured {
  readonly name: string;
  readonly link: string;
  /** What stands on the list of targets. */
  readonly target: string;
  readonly limit?: string;
}

/** From the list to the second step, as a person goes. */
export async function prepare(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New', exact: true }).first().click();
  await page.getByText('The preparation is done').click();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Name of the migration').waitFor();
}

/** Fills in the second step, and leaves it. */
export async function configure(page: Page, { name, link, target, limit }: Configured): Promise<void> {
  await page.getByLabel('Name of the migration').fill(name);
  await page.getByLabel('Link of the image').fill(link);
  await page.getByRole('radio', { name: new RegExp(`^${target}\\b`) }).check();
  if (limit !== undefined) {
    await page.getByText('Options of the migration').click();
    await page.getByLabel('Limit in MiB a second').fill(limit);
  }
  await page.getByRole('button', { name: 'Next' }).click();
}

/** Accepts every warning by its name, and begins. @returns the path of the new migration */
export async function finish(page: Page): Promise<string> {
  await page.getByRole('heading', { name: 'What was found' }).waitFor();
  for (const box of await page.locator('.checks .t-checkbox').all()) await box.click();
  await page.getByRole('button', { name: 'Finish' }).click();
  await page.waitForURL(/\/migrations\/[^/]+$/);
  return new URL(page.url()).pathname;
}

/** The state as it is shown. */
export async function untilState(page: Page, state: string, timeout = 30_000): Promise<void> {
  await page.locator(`main [data-state="${state}"]`).first().waitFor({ timeout });
}
