import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { tempFolder } from '../../../engine/testing/temp.ts';
import { readConsole } from './console-files.ts';

it('is undefined where nothing was built', async () => {
  const folder = await tempFolder();
  expect(await readConsole(join(folder, 'none'))).toBeUndefined();
  expect(await readConsole(folder)).toBeUndefined();
});

it('reads what a browser is given, packs what pays, and leaves everything else', async () => {
  const folder = await tempFolder();
  await mkdir(join(folder, 'assets'));
  const script = 'let x = 1;\n'.repeat(1000);
  await writeFile(join(folder, 'index.html'), '<p>');
  await writeFile(join(folder, 'assets', 'a-1.js'), script);
  await writeFile(join(folder, 'assets', 'a-1.js.map'), '{}');
  const files = (await readConsole(folder)) ?? [];
  const shown = files
    .map(({ path, type, isForever }) => ({ path, type, isForever }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  expect(shown).toEqual([
    { path: '/assets/a-1.js', type: 'text/javascript; charset=utf-8', isForever: true },
    { path: '/index.html', type: 'text/html; charset=utf-8', isForever: false },
  ]);
  const packed = files.find(({ path }) => path.endsWith('.js'))?.gzip;
  expect(gunzipSync(packed ?? Buffer.alloc(0)).toString()).toBe(script);
  expect(files.find(({ path }) => path === '/index.html')?.gzip).toBeUndefined();
});
