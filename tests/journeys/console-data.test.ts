import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { seriousFaults } from '../../packages/console/testing/axe.ts';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { consoleJourney, makeVolume } from '../parts/console-journey.ts';
import { configure, finish, prepare, untilState } from '../parts/console-steps.ts';
import { sampleDisk } from '../parts/sample-disk.ts';

const MiB = 2 ** 20;
const EXPIRED = '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>';
/** In the page: whether its first cell has a colour. */
const MAP_IS_DRAWN = `document.querySelector('.disk-map canvas').getContext('2d').getImageData(1, 1, 1, 1).data[3] === 255`;
const expired = new Set<string>();

consoleJourney('data onto a volume', {
  ready: async (scene) => {
    scene.images.serve('/data.raw', { content: sampleDisk(5, 32 * MiB), etag: '"data"' });
    scene.images.serve('/large.raw', { content: sampleDisk(6, 64 * MiB), etag: '"large"' });
    scene.images.guard(({ path }) => {
      return expired.has(/signature=(\w+)/.exec(path)?.[1] ?? '') ? { status: 403, body: EXPIRED } : undefined;
    });
    await makeVolume(scene, 'archive', '32MiB');
    await makeVolume(scene, 'second', '64MiB');
    await makeVolume(scene, 'small', '16MiB');
  },
  tests: (scene) => {
    it('goes from a blocked target back, to pause, reload, resume and receipt', async () => {
      const page = await scene().open('/data-migrations');
      await page.getByText('No data has been migrated yet').waitFor();
      await prepare(page);
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByText('Choose where the image goes.').waitFor();
      const link = `${scene().images.origin}/data.raw`;
      await configure(page, { name: 'archive 2026', link, target: 'small', limit: '4' });
      await page.getByRole('status').getByText('2 checks stand in the way').waitFor();
      await page.locator('[data-check="disk-fits"]').getByText('33554432 bytes').waitFor();
      expect(await page.getByRole('button', { name: 'Finish' }).getAttribute('aria-disabled')).toBe('true');
      expect(await seriousFaults(page)).toEqual([]);
      await page.getByRole('button', { name: 'Back' }).click();
      expect(await page.getByLabel('Link of the image').inputValue()).toBe(link);
      await page.reload();
      expect(await page.getByLabel('Name of the migration').inputValue()).toBe('archive 2026');
      await page.getByRole('radio', { name: /^archive\b/ }).check();
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByText('nothing, it is blank').waitFor();
      await finish(page);

      await untilState(page, 'transferring');
      const map = page.getByRole('img', { name: /^From its start to its end: .*To copy/ });
      await map.waitFor();
      await page.waitForFunction(MAP_IS_DRAWN);
      await page.getByRole('button', { name: 'Pause' }).click();
      await untilState(page, 'paused');
      await page.reload();
      await untilState(page, 'paused');
      await map.waitFor();
      await page.waitForFunction(MAP_IS_DRAWN);
      await page.getByRole('button', { name: 'Change limit' }).click();
      await page.getByLabel('MiB a second').fill('');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('button', { name: 'Resume' }).click();
      await untilState(page, 'succeeded');
      await page.locator('[data-event="transferred"]').waitFor();
      await page.reload();
      const done = page.getByRole('img', { name: /: Verified [\d.]+%/ });
      expect(await done.getAttribute('aria-label')).not.toMatch(/Copied|To copy|Not known|Failed/);
      expect(await seriousFaults(page)).toEqual([]);
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download the receipt' }).click();
      const file = join(await tempFolder(), 'receipt.json');
      await writeFile(file, await readFile(await (await download).path()));
      await scene().service.check('receipt', 'verify', file);
    });

    it('waits for a new link when one expires, tells so live, and goes on with another', async () => {
      const page = await scene().open('/data-migrations');
      await prepare(page);
      const link = `${scene().images.origin}/large.raw?signature=`;
      await configure(page, { name: 'expiring', link: `${link}first`, target: 'second', limit: '12' });
      await finish(page);
      await page.locator('[data-event="progressed"]').first().waitFor();
      expired.add('first');
      await page.getByText('Waits for a new link').first().waitFor({ timeout: 30_000 });
      const resume = page.getByRole('button', { name: 'Resume' });
      const reason = (await resume.getAttribute('aria-describedby')) ?? '';
      expect(await page.locator(`[id="${reason}"]`).textContent()).toContain('new link');
      await page.getByRole('button', { name: 'New link' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Link of the image').fill(`${link}first`);
      await dialog.getByRole('button', { name: 'Replace the link' }).click();
      await dialog.getByText('source-expired').waitFor();
      await dialog.getByLabel('Link of the image').fill(`${link}second`);
      await dialog.getByRole('button', { name: 'Replace the link' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await untilState(page, 'succeeded');
    });
  },
});
