import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSecretKey } from './secret-key.ts';

let folder = '';
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'diskferry-key-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('loadSecretKey()', () => {
  it('takes the variable before the file, which is then not made', async () => {
    const file = join(folder, 'key');
    const given = Buffer.alloc(32, 5).toString('base64');
    expect(await loadSecretKey({ env: { DISKFERRY_SECRET_KEY: `${given}\n` }, file })).toEqual(
      new Uint8Array(32).fill(5),
    );
    expect(await readdir(folder)).toEqual([]);
    const made = await loadSecretKey({ env: {}, file });
    expect(await loadSecretKey({ env: { DISKFERRY_SECRET_KEY: '' }, file })).toEqual(made);
  });

  it('refuses a variable that holds no key, without repeating it', async () => {
    const loading = loadSecretKey({ env: { DISKFERRY_SECRET_KEY: 'planted' }, file: join(folder, 'key') });
    await expect(loading).rejects.toThrow('DISKFERRY_SECRET_KEY');
    await expect(loading).rejects.not.toThrow('planted');
  });
});
