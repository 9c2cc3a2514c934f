import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { seriousFaults } from '../../packages/console/testing/axe.ts';
import { HAS_CHROMIUM } from '../../packages/console/testing/browser.ts';
import { consoleScene, TELEPHONE, type ConsoleScene } from '../../packages/console/testing/console-scene.ts';
import { configure, finish, untilState } from '../parts/console-steps.ts';
import { bootableDisk } from '../../packages/server/testing/worker-content.ts';

const MiB = 2 ** 20;

describe.skipIf(!HAS_CHROMIUM)(
  'images that were seen, the log, and the guides [needs chromium]',
  { timeout: 60_000 },
  () => {
    let scene: ConsoleScene;
    let page: Page;
    let link = '';
    beforeAll(async () => {
      scene = await consoleScene();
      link = scene.images.serve('/exports/seen.raw', { content: bootableDisk(24 * MiB), etag: '"s"' });
      await scene.service.ask('volumes', 'create', 'target', '--size', '32MiB');
      page = await scene.open('/images');
    }, 60_000);
    afterAll(async () => {
      expect(scene.faults).toEqual([]);
      await scene[Symbol.asyncDispose]();
    });

    it('begins empty, and leads into the wizard, whose first step leads to the guides', async () => {
      await page.getByRole('heading', { name: 'No image was seen yet' }).waitFor();
      await page.goto(`${scene.service.address}/data-migrations/new/prepare?${new URLSearchParams({ link })}`);
      const [guide] = await Promise.all([
        page.context().waitForEvent('page'),
        page.getByRole('link', { name: 'Uploading an image' }).click(),
      ]);
      await guide.getByRole('heading', { level: 1, name: /upload/i }).waitFor();
      expect(await seriousFaults(guide)).toEqual([]);
      await guide.close();
    });

    it('lists an image once a check has looked at it, with what is inside', async () => {
      await page.getByText('The preparation is done').click();
      await page.getByRole('button', { name: 'Next' }).click();
      await expect.poll(() => page.getByLabel('Link of the image').inputValue()).toBe(link);
      await configure(page, { name: 'Seen', link, target: 'target' });
      await finish(page);
      await untilState(page, 'succeeded');
      // Checked by the browser itself.
      await page.getByText('The signature is valid').waitFor();
    });

    it('shows what the workers said, also right after a reload', async () => {
      const log = page.getByRole('log', { name: 'Log' });
      await log.getByText('stage: transferring').waitFor();
      await page.reload();
      await log.getByText('the receipt is signed and kept').waitFor();
      const text = await log.innerText();
      expect(text.match(/stage: transferring/g)).toHaveLength(1);
      expect(text).toMatch(/have landed; digest [0-9a-f]{64}/);
    });

    it('shows the image, leads to the migration that looked at it, and uses it again', async () => {
      await page.goto(`${scene.service.address}/images?q=SEEN`);
      await page.getByRole('link', { name: 'seen.raw' }).click();
      await page.getByRole('link', { name: 'The last one that looked at it' }).click();
      await page.getByRole('heading', { level: 1, name: 'Seen', exact: true }).waitFor();
      await page.goBack();
      expect(await seriousFaults(page)).toEqual([]);
      await page.getByRole('button', { name: 'Migrate onto an instance' }).click();
      await page.getByText('The preparation is done').click();
      await page.getByRole('button', { name: 'Next' }).click();
      await expect.poll(() => page.getByLabel('Link of the image').inputValue()).toBe(link);
    });

    it('is forgotten when somebody says so', async () => {
      await page.goto(`${scene.service.address}/images`);
      await page.getByRole('link', { name: 'seen.raw' }).click();
      await page.getByRole('button', { name: 'Forget' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Forget' }).click();
      await page.getByRole('heading', { name: 'No image was seen yet' }).waitFor();
    });

    it('leads from a code to its entry, in the language that is chosen, with pictures of its own', async () => {
      const requests: string[] = [];
      const reader = await scene.open('/guides/troubleshooting#disk-fits', { locale: 'ja-JP', viewport: TELEPHONE });
      reader.on('request', (request) => void requests.push(request.url()));
      await reader.locator('#disk-fits').waitFor();
      await expect
        .poll(() =>
          reader
            .locator('#disk-fits')
            .boundingBox()
            .then((box) => box?.y),
        )
        .toBeLessThan(844);
      expect(await seriousFaults(reader)).toEqual([]);
      await reader.goto(`${scene.service.address}/guides/first-migration`);
      await reader.locator('.guide img').first().scrollIntoViewIfNeeded();
      await expect
        .poll(() =>
          reader
            .locator('.guide img')
            .first()
            .evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
        )
        .toBeGreaterThan(300);
      await reader.getByRole('link', { name: 'ガイド' }).first().click();
      await reader.getByRole('heading', { level: 1, name: 'ガイド' }).waitFor();
      expect(requests.filter((url) => !url.startsWith(scene.service.address))).toEqual([]);
      await reader.goto(`${scene.service.address}/guides/no-such`);
      await reader.getByRole('heading', { name: 'このページは存在しません。' }).waitFor();
    });
  },
);
