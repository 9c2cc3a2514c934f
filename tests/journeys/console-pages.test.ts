import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { seriousFaults } from '../../packages/console/testing/axe.ts';
import { DESK, TELEPHONE } from '../../packages/console/testing/console-scene.ts';
import { consoleJourney, makeVolume, migrating, untilOver } from '../parts/console-journey.ts';
import { sampleDisk } from '../parts/sample-disk.ts';

const MiB = 2 ** 20;
const PATHS = [
  '/',
  '/instance-migrations',
  '/data-migrations',
  '/data-migrations/new/prepare',
  '/instances',
  '/instances?new=1',
  '/volumes',
  '/volumes?new=1',
  '/images',
  '/workers',
  '/users',
  '/users?show=tokens',
  '/audit',
  '/settings',
  '/guides',
];

/** Letters of which every title of the language has some, or has none. */
const LETTERS = {
  en: /^[^\u3040-\u9fff]+$/,
  ja: /[\u3040-\u9fff]/,
  zh: /^[^\u3040-\u30ff]*[\u4e00-\u9fff][^\u3040-\u30ff]*$/,
};
/** Of Japanese alone. */
const KANA = /[\u3040-\u30ff]/;
type Language = keyof typeof LETTERS;

const LOOKS: readonly (readonly [where: string, language: Language, options: BrowserContextOptions])[] = [
  ['on a desk, by day, in English', 'en', { locale: 'en-GB', viewport: DESK }],
  ['on a telephone, by night, in Japanese', 'ja', { locale: 'ja-JP', viewport: TELEPHONE, colorScheme: 'dark' }],
  ['on a desk, by night, in Chinese', 'zh', { locale: 'zh-CN', viewport: DESK, colorScheme: 'dark' }],
];

/** What is wrong with the page as it is shown now. */
async function faultsOf(page: Page): Promise<string[]> {
  const faults = await seriousFaults(page);
  if ((await page.evaluate('document.documentElement.scrollWidth > innerWidth')) === true) faults.push('is too wide');
  const said = await page.locator('main').innerText();
  // A key of a sentence that is missing; `migration.create` is what the audit log calls an action.
  const keys =
    said.match(/\b(?:wizard|migrations|instances|volumes|settings|proof|users|state|field)\.[a-z]\w+/g) ?? [];
  return [...faults, ...keys.map((key) => `says ${key}`)];
}

consoleJourney('every page', {
  ready: async (scene) => {
    const link = scene.images.serve('/disk.raw', { content: sampleDisk(7, 16 * MiB), etag: '"disk"' });
    await scene.service.ask('instances', 'create', 'web', '--size', '8MiB');
    const volume = await makeVolume(scene, 'archive', '16MiB');
    const id = await migrating(scene, { name: 'archive', link, volume });
    await untilOver(scene, id);
  },
  tests: (scene) => {
    it.each(LOOKS)('%s, is sound', { timeout: 120_000 }, async (_where, language, options) => {
      const page = await scene().open('/', options);
      const linked = async (list: string) => {
        await page.goto(scene().service.address + list);
        return (await page.locator('main table a').first().getAttribute('href')) ?? '';
      };
      const paths = [...PATHS, await linked('/data-migrations'), await linked('/instances'), await linked('/images')];
      const faults: string[] = [];
      for (const path of paths) {
        await page.goto(scene().service.address + path);
        await page.locator('main h1').waitFor();
        await page.locator('main .t-skeleton').first().waitFor({ state: 'hidden' });
        faults.push(...(await faultsOf(page)).map((fault) => `${path} ${fault}`));
        const title = await page.locator('main h1').innerText();
        // What is of a person or a file is called as they call it.
        if (PATHS.includes(path) && !LETTERS[language].test(title)) faults.push(`${path} is called ${title}`);
      }
      expect(await page.locator('html').getAttribute('lang')).toBe(language === 'zh' ? 'zh-CN' : language);
      expect(faults).toEqual([]);
    });

    it('speaks the language that was chosen, remembers which, and so does what the service says', async () => {
      const page = await scene().open('/data-migrations');
      await page.getByLabel('Language').first().selectOption('ja');
      await page.getByRole('heading', { name: 'オフラインデータ移行' }).waitFor();
      await page.reload();
      await page.getByRole('heading', { name: 'オフラインデータ移行' }).waitFor();
      await page.getByRole('link', { name: 'archive' }).click();
      const content = page.locator('[data-content="complete"]');
      await content.getByText(KANA).waitFor();
      await page.getByLabel('言語').first().selectOption('zh');
      await page.getByRole('heading', { name: '检查', exact: true }).waitFor();
      await content.getByText(KANA).waitFor({ state: 'hidden' });
      expect(await page.title()).toBe('archive · Diskferry');
    });
  },
});
