import type { Page } from 'playwright-core';
import { DESK, TELEPHONE } from '../../packages/console/testing/console-scene.ts';
import { button, type Tour, untilState } from './tour.ts';

/** Long enough for the chart to have a shape. */
const RUN_MS = 12_000;

/** While it copies: by day, by night, on a telephone. */
export async function showRunning(page: Page, { open, take }: Tour): Promise<void> {
  await page.locator('[data-event="progressed"]').first().waitFor();
  const path = new URL(page.url()).pathname;
  const night = await open(path, { viewport: DESK, colorScheme: 'dark' });
  const telephone = await open(path, { viewport: TELEPHONE });
  await page.waitForTimeout(RUN_MS);
  await take(page, 'migration-running');
  await take(night, 'migration-running-dark');
  await take(telephone, 'migration-telephone');
  await take(telephone, 'migration-telephone-map', telephone.locator('.disk-map'));
  for (const one of [night, telephone]) await one.close();
}

/** One that has succeeded, with the proof that its system starts. */
export async function showProof(page: Page, { words, take }: Tour): Promise<void> {
  await untilState(page, 'succeeded');
  await page.locator('[data-proof="booted"]').waitFor();
  await take(page, 'migration-succeeded');
  await take(page, 'boot-proof', page.getByRole('heading', { name: words.proof.title }));
}

/** One whose copy did not come up: what was seen, and what a person is asked. */
export async function showFailedProof(page: Page, { words, take }: Tour): Promise<void> {
  await page.locator('[data-proof="failed"]').waitFor({ timeout: 240_000 });
  await untilState(page, 'waiting');
  await take(page, 'boot-proof-failed');
  await button(page, words.action.resume).click();
  await page.getByRole('dialog').waitFor();
  await take(page, 'boot-proof-accept');
  await page.keyboard.press('Escape');
}
