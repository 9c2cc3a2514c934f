import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { consoleScene, TELEPHONE } from '../packages/console/testing/console-scene.ts';
import { showBlockedWizard, showLists, showMigration, showPlaces } from './screenshots/pages.ts';
import { makeScenery } from './screenshots/scenery.ts';

/**
 * `npm run screenshots`: pictures of the main pages, for the README and the guides, taken of the real console over the real
 * service. The folder may be named: `npm run screenshots -- FOLDER`.
 */
const folder = process.argv[2] ?? join(import.meta.dirname, '../docs/pictures');
await mkdir(folder, { recursive: true });
await using scene = await consoleScene();
const scenery = await makeScenery(scene);

const take = async (page: Page, name: string): Promise<void> => {
  await page.waitForTimeout(500);
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
  process.stdout.write(`${name}.png\n`);
};

await take(await scene.openStranger('/sign-in'), 'sign-in');
const page = await scene.open('/data-migrations');
await showBlockedWizard(page, { scenery, take });
await showMigration(page, { scenery, take });
await showLists(page, { scenery, take });
await showPlaces(page, { scenery, take });
const telephone = await scene.open('/', { viewport: TELEPHONE, colorScheme: 'dark', locale: 'ja-JP' });
await telephone.getByRole('progressbar').first().waitFor();
await take(telephone, 'telephone-ja');
if (scene.faults.length > 0) throw new Error(scene.faults.join('\n'));
