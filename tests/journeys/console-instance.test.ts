import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { seriousFaults } from '../../packages/console/testing/axe.ts';
import { bootSector } from '../../packages/server/src/providers/local/guest/boot-sector.ts';
import { QEMU } from '../../packages/server/testing/local-scene.ts';
import { bootableDisk } from '../../packages/server/testing/worker-content.ts';
import { consoleJourney } from '../parts/console-journey.ts';
import { configure, finish, prepare, untilState } from '../parts/console-steps.ts';

const MiB = 2 ** 20;

/** A packed system disk that says this when a copy of it is started. */
function systemThatSays(text: string): Buffer {
  const disk = bootableDisk(16 * MiB);
  disk.set(bootSector(text, 'say it for ever').subarray(0, 446));
  return gzipSync(disk, { level: 1 });
}

consoleJourney('a system disk onto an instance', {
  needs: { name: 'qemu-system-x86_64', here: QEMU !== undefined },
  ready: async ({ service, images }) => {
    images.serve('/good.raw.gz', { content: systemThatSays('\r\nweb login: '), etag: '"good"' });
    images.serve('/bad.raw.gz', { content: systemThatSays('\r\nKernel panic - not syncing: no root'), etag: '"bad"' });
    await service.ask('instances', 'create', 'web', '--size', '32MiB');
    await service.ask('instances', 'create', 'db', '--size', '32MiB');
  },
  tests: (scene) => {
    it('lands, is proved to start, and its instance is started', { timeout: 120_000 }, async () => {
      const page = await scene().open('/instance-migrations');
      await prepare(page);
      await configure(page, { name: 'web server', link: `${scene().images.origin}/good.raw.gz`, target: 'web' });
      await page.locator('.layers').getByText('gzip').waitFor();
      await page.getByText('System disk of web').waitFor();
      await finish(page);
      await untilState(page, 'succeeded', 60_000);
      await page.locator('[data-proof="booted"]').getByText('It starts: a copy of the disks came up').waitFor();
      await page.getByText('to its login prompt').waitFor();
      await page.locator('[data-event="proved"]').waitFor();
      await page.goto(`${scene().service.address}/instance-migrations`);
      await page.getByRole('link', { name: 'web server' }).waitFor();
      await page.getByRole('progressbar', { name: 'Progress: web server' }).waitFor();
    });

    it('waits where a copy does not come up; a person may try again, or go on', { timeout: 120_000 }, async () => {
      const page = await scene().open('/instance-migrations');
      await prepare(page);
      await page.getByText('Options of the migration').click();
      await page.getByLabel('Prove that it starts').selectOption('always');
      await page.getByText('Start the instance afterwards').click();
      await configure(page, { name: 'db server', link: `${scene().images.origin}/bad.raw.gz`, target: 'db' });
      await finish(page);
      await page.getByText('Waits for a person').first().waitFor({ timeout: 60_000 });
      await page.locator('[data-proof="failed"]').waitFor();
      expect(await page.getByRole('img', { name: 'Its screen' }).evaluate('(image) => image.decode()')).toBeUndefined();

      const resume = page.getByRole('button', { name: 'Resume' });
      await resume.click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('its kernel panicked').waitFor();
      await dialog.getByText('The instance stays off').waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Start a copy once more' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await expect.poll(() => page.locator('[data-event="wait-began"]').count(), { timeout: 60_000 }).toBe(2);

      await resume.click();
      await dialog.getByRole('button', { name: 'Go on' }).click();
      await dialog.getByText('Say first that you accept it.').waitFor();
      await dialog.getByText('I accept this').click();
      await dialog.getByRole('button', { name: 'Go on' }).click();
      await untilState(page, 'succeeded', 30_000);
      await page.locator('[data-proof="failed"]').waitFor();
    });
  },
});
