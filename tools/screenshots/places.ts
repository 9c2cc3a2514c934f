import type { Page } from 'playwright-core';
import { TELEPHONE } from '../../packages/console/testing/console-scene.ts';
import { goTo, type Tour } from './tour.ts';

const PLACES = ['data-migrations', 'instances', 'volumes', 'images', 'workers', 'users', 'audit', 'settings'] as const;
const SETTLED_MS = 1200;

export async function showPlaces(page: Page, tour: Tour): Promise<void> {
  const { take } = tour;
  await goTo(page, tour, '/');
  await page.getByRole('progressbar').first().waitFor();
  await take(page, 'overview');
  for (const place of PLACES) {
    await goTo(page, tour, `/${place}`);
    await page.waitForTimeout(SETTLED_MS);
    await take(page, place);
  }
}

/** A running instance, with what it says. */
export async function showInstance(page: Page, tour: Tour): Promise<void> {
  const { words, take } = tour;
  await goTo(page, tour, '/instances');
  await page.getByRole('link', { name: 'web-tokyo' }).first().click();
  const console = page.getByRole('log', { name: words.instances.console });
  await console.getByText('login:').waitFor({ timeout: 240_000 });
  await page.waitForTimeout(SETTLED_MS);
  await take(page, 'instance');
}

export async function showTelephone({ open, take }: Tour): Promise<void> {
  const page = await open('/', { viewport: TELEPHONE, colorScheme: 'dark' });
  await page.getByRole('progressbar').first().waitFor();
  await take(page, 'telephone');
  await page.close();
}
