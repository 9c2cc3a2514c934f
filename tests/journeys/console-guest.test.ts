import { expect, it } from 'vitest';
import { seriousFaults } from '../../packages/console/testing/axe.ts';
import { bootSector } from '../../packages/server/src/providers/local/guest/boot-sector.ts';
import { QEMU } from '../../packages/server/testing/local-scene.ts';
import { bootableDisk } from '../../packages/server/testing/worker-content.ts';
import { consoleJourney, migrating, untilOver } from '../parts/console-journey.ts';

const MiB = 2 ** 20;
/** A guest that greets, and says what it hears. */
const DISK = bootableDisk(4 * MiB);
DISK.set(bootSector('\r\nweb login: ', 'say what it hears').subarray(0, 446));

consoleJourney('an instance that runs', {
  needs: { name: 'qemu-system-x86_64', here: QEMU !== undefined },
  ready: async (scene) => {
    const link = scene.images.serve('/disk.raw', { content: DISK, etag: '"disk"' });
    const { id } = await scene.service.ask<{ id: string }>('instances', 'create', 'web', '--size', '8MiB');
    await untilOver(scene, await migrating(scene, { name: 'web', link, instance: id }));
  },
  tests: (scene) => {
    it('is started, greets on its serial console, is answered there, and is stopped', async () => {
      const page = await scene().open('/instances');
      await page.getByRole('link', { name: 'web', exact: true }).click();
      const line = page.getByLabel('A line for the guest');
      await line.waitFor();
      expect(await line.isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await page.locator('main [data-state="running"]').waitFor();
      const screen = page.getByRole('log', { name: 'Serial console' });
      await screen.getByText('web login:').waitFor();
      await line.fill('root is here');
      await line.press('Enter');
      await screen.getByText('web login: root is here').waitFor();
      expect(await line.inputValue()).toBe('');
      await page.getByRole('button', { name: 'Ctrl-C' }).click();
      await line.fill('and again');
      await page.getByRole('button', { name: 'Send' }).click();
      await screen.getByText('and again').waitFor();
      await page.getByRole('img', { name: 'Screen' }).waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      await page.reload();
      await screen.getByText('web login: root is here').waitFor();
      await page.getByRole('button', { name: 'Stop', exact: true }).click();
      const sure = page.getByRole('dialog');
      await sure.getByText('Stop “web”?').waitFor();
      await sure.getByRole('button', { name: 'Stop' }).click();
      // Nobody in there hears the power button: it is switched off after a minute, and the page says meanwhile that it changes.
      await page.locator('main [data-state="changing"]').waitFor();
    });
  },
});
