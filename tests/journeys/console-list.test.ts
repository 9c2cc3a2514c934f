import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { consoleJourney, makeVolume, migrating } from '../parts/console-journey.ts';
import { sampleDisk } from '../parts/sample-disk.ts';

const MiB = 2 ** 20;
const NAMES = ['one', 'two', 'three'] as const;

/** A row of the list, by the name of its migration. */
const rowOf = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });

async function untilAll(page: Page, names: readonly string[], state: RegExp): Promise<void> {
  for (const name of names)
    await rowOf(page, name).locator(STATES).filter({ hasText: state }).waitFor({ timeout: 20_000 });
}
const STATES = '[data-state]';

async function bulk(page: Page, names: readonly string[], action: string): Promise<void> {
  for (const name of names) await page.getByLabel(`Select ${name}`, { exact: true }).check();
  await page.getByText(`${names.length} selected`).waitFor();
  await page.locator('.bulk').getByRole('button', { name: action }).click();
}

consoleJourney('many migrations in the list', {
  ready: async (scene) => {
    scene.images.serve('/disk.raw', { content: sampleDisk(7, 32 * MiB), etag: '"disk"' });
    const link = `${scene.images.origin}/disk.raw`;
    for (const name of NAMES) {
      const volume = await makeVolume(scene, name, '32MiB');
      await migrating(scene, { name, link, volume, bandwidth: 2 * MiB });
    }
  },
  tests: (scene) => {
    it('pauses and resumes all that were chosen, and names what refuses with its reason', async () => {
      const page = await scene().open('/data-migrations');
      await untilAll(page, ['one', 'two'], /Copying/);
      await bulk(page, ['one', 'two'], 'Pause');
      await page.getByText('2 done, 0 refused').waitFor();
      await untilAll(page, ['one', 'two'], /Paused/);
      await bulk(page, ['one', 'two'], 'Pause');
      await page.getByText('0 done, 2 refused').waitFor();
      await page.getByText('one: The migration is paused already.').waitFor();
      await bulk(page, ['one', 'two'], 'Resume');
      await page.getByText('2 done, 0 refused').waitFor();
    });

    it('cancels all at once, and finds them where they are', async () => {
      const page = await scene().open('/data-migrations');
      await rowOf(page, 'three').waitFor();
      await page.getByLabel('Select all').check();
      await page.getByText('3 selected').waitFor();
      await page.locator('.bulk').getByRole('button', { name: 'Cancel migration' }).click();
      const sure = page.getByRole('dialog');
      await sure.getByRole('button', { name: 'Let them run' }).click();
      await sure.waitFor({ state: 'hidden' });
      await page.locator('.bulk').getByRole('button', { name: 'Cancel migration' }).click();
      await sure.getByRole('button', { name: 'Cancel migration' }).click();
      await page.getByText('3 done, 0 refused').waitFor();
      await untilAll(page, NAMES, /Cancelled/);
      await page.getByText('Active', { exact: true }).click();
      await page.getByText('Nothing is like that.').waitFor();
      expect(await rowOf(page, 'one').count()).toBe(0);
      await page.getByText('Failed or cancelled', { exact: true }).click();
      await page.getByRole('searchbox').fill('thr');
      await expect.poll(() => page.getByRole('row').count()).toBe(2);
      expect(new URL(page.url()).search).toBe('?show=over&q=thr');
    });
  },
});
