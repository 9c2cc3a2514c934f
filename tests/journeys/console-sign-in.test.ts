import { expect, it } from 'vitest';
import { asked, consoleJourney, PASSWORD } from '../parts/console-journey.ts';

const KiB = 1024;

consoleJourney('coming in', {
  ready: async (scene) => {
    const body = { name: 'eve', role: 'viewer', password: PASSWORD };
    await asked(scene, 'users', { method: 'POST', body });
  },
  tests: (scene) => {
    it('loads less than 400 KB of scripts at first, and nothing from elsewhere', async () => {
      const page = await scene().openStranger('about:blank');
      const scripts: number[] = [];
      const others: string[] = [];
      page.on('response', (response) => {
        const headers = response.headers();
        if (new URL(response.url()).origin !== scene().service.address) others.push(response.url());
        if (headers['content-type']?.startsWith('text/javascript') !== true) return;
        expect(headers['content-encoding'] ?? 'small').toMatch(/gzip|small/);
        scripts.push(Number(headers['content-length']));
      });
      await page.goto(scene().service.address);
      await page.getByLabel('Password').waitFor();
      expect(others).toEqual([]);
      expect(scripts.length).toBeGreaterThan(0);
      expect(scripts.reduce((sum, size) => sum + size, 0)).toBeLessThan(400 * KiB);
    });

    it('lets nobody in by a link that was used, shows a viewer what he may, and goes where he wanted', async () => {
      const page = await scene().openStranger(scene().service.signInLink);
      await page.getByText('The one-time link does not work any more').waitFor();
      expect(page.url()).not.toContain('#');
      await page.goto(`${scene().service.address}/data-migrations?show=over`);
      await page.getByLabel('User name').fill('eve');
      await page.getByLabel('Password').fill('wrong wrong wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Offline data migration' }).waitFor();
      expect(new URL(page.url()).search).toBe('?show=over');
      const begin = page.getByRole('button', { name: 'New', exact: true }).first();
      expect(await begin.getAttribute('aria-disabled')).toBe('true');
      expect(await page.getByRole('link', { name: 'Audit log' }).count()).toBe(0);
      await page.getByRole('button', { name: 'Sign out' }).first().click();
      await page.getByLabel('Password').waitFor();
    });
  },
});
