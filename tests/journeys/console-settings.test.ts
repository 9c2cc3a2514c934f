import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { seriousFaults } from '../../packages/console/testing/axe.ts';
import { asked, consoleJourney, PASSWORD } from '../parts/console-journey.ts';

const MiB = 2 ** 20;

interface Kept {
  readonly version: number;
  readonly settings: { readonly bandwidth: object; readonly concurrency: object };
}

/** What stands beside the field as its error. */
const errorOf = (page: Page, id: string) => page.locator(`[id="${id}-error"]`);

consoleJourney('settings', {
  ready: async (scene) => {
    const body = { name: 'olga', role: 'operator', password: PASSWORD };
    await asked(scene, 'users', { method: 'POST', body });
  },
  tests: (scene) => {
    const kept = () => asked<Kept>(scene(), 'settings');

    it('are refused beside the field that is wrong, and saved when all are right', async () => {
      const page = await scene().open('/settings');
      await page.locator('[id="global-rate"]').fill('fast');
      await page.getByRole('button', { name: 'Add a time of the day' }).click();
      await page.locator('[id="global-window-0-to"]').fill('22:00');
      await page.getByRole('button', { name: 'Add a host' }).click();
      await page.getByLabel('Migrations of one worker').fill('0');
      await page.getByRole('button', { name: 'Save' }).click();
      await errorOf(page, 'global-rate').getByText('Give a number above 0, or nothing.').waitFor();
      await errorOf(page, 'global-window-0-to').getByText('at the same time').waitFor();
      await errorOf(page, 'host-0-name').waitFor();
      await errorOf(page, 'worker').getByText('from 1 to 1000').waitFor();
      expect(await page.evaluate('document.activeElement.id')).toBe('global-rate');
      expect((await kept()).version).toBe(0);
      expect(await seriousFaults(page)).toEqual([]);

      await page.locator('[id="global-rate"]').fill('40');
      await page.locator('[id="global-window-0-to"]').fill('06:30');
      await page.locator('[id="host-0-name"]').fill('https://Files.Example:8080/x');
      await page.locator('[id="host-0-rate"]').fill('2.5');
      await page.getByLabel('Migrations of one worker').fill('3');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Saved. It counts from now on.').waitFor();
      const { settings } = await kept();
      expect(settings.bandwidth).toEqual({
        global: { rate: 40 * MiB, windows: [{ from: '22:00', to: '06:30', rate: null }] },
        hosts: { 'files.example:8080': { rate: 2.5 * MiB, windows: [] } },
      });
      await page.reload();
      expect(await page.locator('[id="host-0-name"]').inputValue()).toBe('files.example:8080');
    });

    it('that somebody else has changed meanwhile are not overwritten', async () => {
      const page = await scene().open('/settings');
      await page.locator('[id="global-rate"]').fill('7');
      const { version, settings } = await kept();
      const concurrency = { worker: 5, host: null, provider: null };
      await asked(scene(), 'settings', { method: 'PUT', body: { version, settings: { ...settings, concurrency } } });
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('What you typed was not saved.').waitFor();
      expect(await page.locator('[id="global-rate"]').inputValue()).toBe('7');
      await page.getByRole('button', { name: 'Show theirs' }).click();
      await expect.poll(() => page.getByLabel('Migrations of one worker').inputValue()).toBe('5');
      expect(await page.locator('[id="global-rate"]').inputValue()).toBe('40');
      expect((await kept()).settings.concurrency).toEqual(concurrency);
    });

    it('are shown to an operator, who is told that he may not change them', async () => {
      const page = await scene().openStranger('/sign-in?to=%2Fsettings');
      await page.getByLabel('User name').fill('olga');
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Settings' }).waitFor();
      const save = page.getByRole('button', { name: 'Save' });
      expect(await save.getAttribute('aria-disabled')).toBe('true');
      await page.locator('[id="global-rate"]').fill('1');
      await page.locator('[id="global-rate"]').press('Enter');
      expect((await kept()).settings.bandwidth).toMatchObject({ global: { rate: 40 * MiB } });
    });
  },
});
