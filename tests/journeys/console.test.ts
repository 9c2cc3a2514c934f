import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousFaults } from '../../packages/console/testing/axe.ts';
import { HAS_CHROMIUM } from '../../packages/console/testing/browser.ts';
import { type ConsoleScene, consoleScene, TELEPHONE } from '../../packages/console/testing/console-scene.ts';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { bootSector } from '../../packages/server/src/providers/local/guest/boot-sector.ts';
import { bootableDisk } from '../../packages/server/testing/worker-content.ts';
import { sampleDisk } from '../parts/sample-disk.ts';
import { configure, finish, prepare, untilState } from '../parts/wizard-steps.ts';

const MiB = 2 ** 20;
const KiB = 1024;
const DATA = sampleDisk(5, 32 * MiB);
const LARGE = sampleDisk(6, 64 * MiB);
/** It says that it is up, so that a copy of it proves to start. */
const SYSTEM = bootableDisk(16 * MiB);
SYSTEM.set(bootSector('\r\nweb login: ', 'say it for ever').subarray(0, 446));
const PASSWORD = 'correct horse battery staple';

const PATHS = [
  '/',
  '/data-migrations',
  '/data-migrations/new/prepare',
  '/instances',
  '/volumes?new=1',
  '/workers',
  '/users',
  '/audit',
  '/settings',
];

describe.skipIf(!HAS_CHROMIUM)('the console [needs chromium]', () => {
  let scene: ConsoleScene;
  const expired = new Set<string>();

  beforeAll(async () => {
    scene = await consoleScene();
    const { service, images } = scene;
    images.serve('/data.raw', { content: DATA, etag: '"data"' });
    images.serve('/large.raw', { content: LARGE, etag: '"large"' });
    images.serve('/system.raw.gz', { content: gzipSync(SYSTEM, { level: 1 }), etag: '"system"' });
    images.guard(({ path }) => {
      return expired.has(/signature=(\w+)/.exec(path)?.[1] ?? '') ? { status: 403, body: EXPIRED } : undefined;
    });
    await service.ask('instances', 'create', 'web', '--size', '32MiB');
    for (const [name, size] of [
      ['archive', 32],
      ['second', 64],
      ['small', 16],
    ] as const) {
      await service.ask('volumes', 'create', name, '--size', `${size}MiB`);
    }
    await addUser('eve', 'viewer');
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  async function addUser(name: string, role: string): Promise<void> {
    const { address, data } = scene.service;
    const token = (await readFile(join(data, 'local-token'), 'utf8')).trim();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ name, role, password: PASSWORD });
    expect((await fetch(`${address}/api/v1/users`, { method: 'POST', headers, body })).status).toBe(201);
  }

  it('loads less than 400 KB of scripts at first, and nothing from elsewhere', async () => {
    const page = await scene.openStranger('about:blank');
    const scripts: number[] = [];
    const others: string[] = [];
    page.on('response', (response) => {
      const headers = response.headers();
      if (new URL(response.url()).origin !== scene.service.address) others.push(response.url());
      if (headers['content-type']?.startsWith('text/javascript') !== true) return;
      expect(headers['content-encoding'] ?? 'small').toMatch(/gzip|small/);
      scripts.push(Number(headers['content-length']));
    });
    await page.goto(scene.service.address);
    await page.getByLabel('Password').waitFor();
    expect(others).toEqual([]);
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.reduce((sum, size) => sum + size, 0)).toBeLessThan(400 * KiB);
  });

  it('lets nobody in by a link that was used, shows a viewer what he may, and goes where he wanted', async () => {
    const page = await scene.openStranger(scene.service.signInLink);
    await page.getByText('The one-time link does not work any more').waitFor();
    expect(page.url()).not.toContain('#');
    await page.goto(`${scene.service.address}/data-migrations?show=over`);
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

  it('moves data: a blocked target, back, pause, reload, resume, receipt', async () => {
    const page = await scene.open('/data-migrations');
    await page.getByText('No data has been migrated yet').waitFor();
    await prepare(page);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Choose where the image goes.').waitFor();
    const link = `${scene.images.origin}/data.raw`;
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
    await finish(page);

    await untilState(page, 'transferring');
    await page.getByRole('img', { name: /^From its start to its end: .*To copy/ }).waitFor();
    await page.waitForFunction(MAP_IS_DRAWN);
    await page.getByRole('button', { name: 'Pause' }).click();
    await untilState(page, 'paused');
    await page.reload();
    await untilState(page, 'paused');
    await page.getByText('this is the share alone').waitFor();
    await page.getByRole('button', { name: 'Change limit' }).click();
    await page.getByLabel('MiB a second').fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Resume' }).click();
    await untilState(page, 'succeeded');
    await page.locator('[data-event="transferred"]').waitFor();
    await page.getByRole('img', { name: /: Verified 100%$/ }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the receipt' }).click();
    const file = join(await tempFolder(), 'receipt.json');
    await writeFile(file, await readFile(await (await download).path()));
    await scene.service.check('receipt', 'verify', file);
  });

  it('moves a packed system disk onto an instance', { timeout: 240_000 }, async () => {
    const page = await scene.open('/instance-migrations');
    await prepare(page);
    await configure(page, { name: 'web server', link: `${scene.images.origin}/system.raw.gz`, target: 'web' });
    await page.locator('.layers').getByText('gzip').waitFor();
    await page.getByText('System disk of web').waitFor();
    await finish(page);
    await untilState(page, 'succeeded', 200_000);
    await page.goto(`${scene.service.address}/instance-migrations`);
    await page.getByRole('link', { name: 'web server' }).waitFor();
    await page.getByRole('progressbar', { name: 'Progress: web server' }).waitFor();
  });

  it('waits for a new link when one expires, tells so live, and goes on with another', async () => {
    const page = await scene.open('/data-migrations');
    await prepare(page);
    const link = `${scene.images.origin}/large.raw?signature=`;
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

  it('speaks three languages, and remembers which', async () => {
    const page = await scene.open('/data-migrations');
    await page.getByLabel('Language').first().selectOption('ja');
    await page.getByRole('heading', { name: 'オフラインデータ移行' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'オフラインデータ移行' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('ja');
    await page.getByRole('link', { name: 'archive 2026' }).click();
    // What the service itself says comes in the same language.
    await page
      .locator('[data-content="complete"]')
      .getByText(/[\u3040-\u30ff]/)
      .waitFor();
    await page.getByLabel('言語').first().selectOption('zh');
    await page.getByRole('heading', { name: '检查', exact: true }).waitFor();
    await page
      .locator('[data-content="complete"]')
      .getByText(/[\u3040-\u30ff]/)
      .waitFor({ state: 'hidden' });
    expect(await page.title()).toBe('archive 2026 · Diskferry');
  });

  it.each([
    ['on a desk, by day', {}, PATHS],
    ['on a telephone, by night', { viewport: TELEPHONE, colorScheme: 'dark' }, PATHS.slice(0, 5)],
  ] as const)('has nothing that is hard to use %s', async (_where, options, paths) => {
    const page = await scene.open('/', options);
    const faults: string[] = [];
    for (const path of paths) {
      await page.goto(scene.service.address + path);
      await page.locator('main h1').waitFor();
      await page.locator('main .t-skeleton').first().waitFor({ state: 'hidden' });
      const isWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
      if (isWide === true) faults.push(`${path} is wider than the screen`);
      faults.push(...(await seriousFaults(page)).map((fault) => `${path} ${fault}`));
    }
    expect(faults).toEqual([]);
  });

  it('has thrown nothing, and broken no rule of its own policy', () => {
    expect(scene.faults).toEqual([]);
  });
});

const EXPIRED = '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>';

/** In the page: whether its first cell has a colour. */
const MAP_IS_DRAWN = `document.querySelector('.disk-map canvas').getContext('2d').getImageData(1, 1, 1, 1).data[3] === 255`;
