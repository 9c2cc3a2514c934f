import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { EN } from '../packages/console/src/words/en/index.ts';
import { JA } from '../packages/console/src/words/ja/index.ts';
import { consoleScene } from '../packages/console/testing/console-scene.ts';
import { showFailedProof, showProof, showRunning } from './screenshots/migration.ts';
import { showInstance, showPlaces, showTelephone } from './screenshots/places.ts';
import { makeScenery } from './screenshots/scenery.ts';
import type { Tour } from './screenshots/tour.ts';
import { showDataWizard, showGuestChecks, showInstanceWizard } from './screenshots/wizard.ts';

/** Of Japanese those that the guides show, and a telephone. */
const LANGUAGES = [
  { words: EN, locale: 'en-GB', folder: '.', only: undefined },
  {
    words: JA,
    locale: 'ja-JP',
    folder: 'ja',
    only: /^(instances|wizard-[123]-(preparation|configuration|checks|guest)|migration-(running|succeeded)|boot-proof|telephone)$/,
  },
] as const;

/**
 * `npm run screenshots`: pictures of the main pages, for the README and the guides, taken of the real console over the real
 * service, with systems that really start. The folder may be named: `npm run screenshots -- FOLDER`.
 */
const root = process.argv[2] ?? join(import.meta.dirname, '../docs/pictures');
for (const language of LANGUAGES) await takeAll(language);

async function takeAll({ words, locale, folder, only }: (typeof LANGUAGES)[number]): Promise<void> {
  const into = join(root, folder);
  await mkdir(into, { recursive: true });
  await using clean = new AsyncDisposableStack();
  const scene = clean.use(await consoleScene());
  const guests = await mkdtemp(join(tmpdir(), 'diskferry-pictures-'));
  clean.defer(() => rm(guests, { recursive: true, force: true }));
  const take = async (page: Page, name: string, at?: Locator): Promise<void> => {
    if (only !== undefined && !only.test(name)) return;
    await page.evaluate('window.scrollTo(0, 0)');
    // What is looked at stands below the bar, which stays at the top.
    if (at !== undefined) await at.evaluate(scrollTo);
    await page.mouse.move(0, 0);
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(into, `${name}.png`), animations: 'disabled' });
    process.stdout.write(`${join(folder, name)}.png\n`);
  };
  await take(await scene.openStranger('/sign-in', { locale }), 'sign-in');
  const scenery = await makeScenery(scene, guests);
  const tour: Tour = { words, scenery, take, open: (path, options) => scene.open(path, { locale, ...options }) };
  await visitAll(tour);
  if (scene.faults.length > 0) throw new Error(scene.faults.join('\n'));
}

/** In the page. */
function scrollTo(element: object): void {
  const { top } = (element as { getBoundingClientRect(): { top: number } }).getBoundingClientRect();
  (globalThis as unknown as { scrollTo(x: number, y: number): void }).scrollTo(0, top - 90);
}

async function visitAll(tour: Tour): Promise<void> {
  const [first, second, third] = [await tour.open('/'), await tour.open('/'), await tour.open('/')];
  // Two at once is what a worker does; this one takes longest.
  await showDataWizard(third, tour);
  await showRunning(third, tour);
  await showInstanceWizard(first, tour);
  await showGuestChecks(second, tour);
  await showProof(first, tour);
  await showFailedProof(second, tour);
  await showPlaces(third, tour);
  await showTelephone(tour);
  await showInstance(third, tour);
}
