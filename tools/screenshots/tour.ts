import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { EN } from '../../packages/console/src/words/en/index.ts';
import type { JA } from '../../packages/console/src/words/ja/index.ts';
import type { Scenery } from './scenery.ts';

/** What all stops of a tour share: the words of its language, as they stand on buttons, and how a picture is taken. */
export interface Tour {
  readonly words: typeof EN | typeof JA;
  readonly scenery: Scenery;
  readonly open: (path: string, options?: BrowserContextOptions) => Promise<Page>;
  readonly take: (page: Page, name: string, at?: Locator) => Promise<void>;
}

export function button(page: Page, name: string): Locator {
  return page.getByRole('button', { name, exact: true }).first();
}

export async function goTo(page: Page, { scenery }: Tour, path: string): Promise<void> {
  await page.goto(scenery.address + path);
  await page.locator('main h1').waitFor();
}

/** The title of the third step's findings stands there as soon as the checks are done. */
export async function untilChecked(page: Page, { words }: Tour): Promise<void> {
  await page.getByRole('heading', { name: words.wizard.check.found }).first().waitFor({ timeout: 60_000 });
}

/** Accepts every check that may be, and begins. */
export async function begin(page: Page, { words }: Tour): Promise<void> {
  for (const box of await page.locator('.checks .t-checkbox').all()) await box.click();
  await button(page, words.wizard.finish).click();
  await page.waitForURL(/\/migrations\/[^/]+$/);
}

export async function untilState(page: Page, state: string): Promise<void> {
  await page.locator(`main [data-state="${state}"]`).first().waitFor({ timeout: 240_000 });
}
