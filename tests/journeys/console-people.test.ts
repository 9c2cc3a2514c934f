import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { seriousFaults } from '../../packages/console/testing/axe.ts';
import { asked, consoleJourney, PASSWORD } from '../parts/console-journey.ts';

const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

consoleJourney('users and tokens', {
  tests: (scene) => {
    /** Signs in with the password, in a window of its own. */
    async function comesIn(name: string): Promise<Page> {
      const page = await scene().openStranger('/sign-in');
      await page.getByLabel('User name').fill(name);
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      return page;
    }

    it('makes a user, changes what he may, and ends his session with him', async () => {
      const page = await scene().open('/users');
      await page.getByRole('button', { name: 'New user' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('bo');
      await dialog.getByLabel('Role').selectOption('viewer');
      await dialog.getByLabel('Password').fill('short');
      await dialog.getByRole('button', { name: 'Create' }).click();
      await dialog.getByRole('alert').waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      await dialog.getByLabel('Password').fill(PASSWORD);
      await dialog.getByRole('button', { name: 'Create' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await row(page, 'bo').waitFor();

      const his = await comesIn('bo');
      const settings = his.getByRole('link', { name: 'Settings' });
      await settings.waitFor();
      expect(await his.getByRole('link', { name: 'Audit log' }).count()).toBe(0);
      await page.getByLabel('Role of bo').selectOption('admin');
      await expect
        .poll(
          async () =>
            (await asked<{ items: Person[] }>(scene(), 'users')).items.find(({ name }) => name === 'bo')?.role,
        )
        .toBe('admin');
      // Who may more or less than before comes in anew.
      await his.reload();
      await his.getByLabel('Password').waitFor();
      await his.close();
      const hisNext = await comesIn('bo');
      await hisNext.getByRole('link', { name: 'Audit log' }).click();
      await hisNext.getByRole('row').filter({ hasText: 'user.change' }).first().waitFor();

      await row(page, 'bo').getByRole('button', { name: 'Delete' }).click();
      await page.getByText('Delete the user “bo”?').waitFor();
      await dialog.getByRole('button', { name: 'Delete' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await expect.poll(() => row(page, 'bo').count()).toBe(0);
      await hisNext.reload();
      await hisNext.getByLabel('Password').waitFor();
    });

    it('makes a token, shows it this once, and refuses it when it was deleted', async () => {
      const page = await scene().open('/users?show=tokens');
      await page.getByRole('button', { name: 'New token' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('nightly');
      await dialog.getByLabel('Role').selectOption('viewer');
      await dialog.getByRole('button', { name: 'Create' }).click();
      await page.getByText('It is shown this once.').waitFor();
      const secret = await dialog.getByRole('textbox').inputValue();
      await dialog.getByRole('button', { name: 'Close' }).click();
      const status = async (): Promise<number> => {
        const headers = { authorization: `Bearer ${secret}` };
        return (await fetch(`${scene().service.address}/api/v1/migrations`, { headers })).status;
      };
      expect(await status()).toBe(200);
      await page.reload();
      await row(page, 'nightly').waitFor();
      expect(await page.content()).not.toContain(secret);
      await row(page, 'nightly').getByRole('button', { name: 'Delete' }).click();
      await dialog.getByText('Delete the token “nightly”?').waitFor();
      await dialog.getByRole('button', { name: 'Delete' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await expect.poll(() => row(page, 'nightly').count()).toBe(0);
      expect(await status()).toBe(401);
    });
  },
});

interface Person {
  readonly name: string;
  readonly role: string;
}
