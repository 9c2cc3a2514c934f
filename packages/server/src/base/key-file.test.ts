import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadKeyFile } from './key-file.ts';

let folder = '';
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'diskferry-key-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('loadKeyFile()', () => {
  it('makes one key, for all that start at the same moment, with rights for the owner alone', async () => {
    const file = join(folder, 'key');
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadKeyFile(file)));
    for (const key of keys) expect(key).toEqual(keys[0]);
    expect(keys[0]).toHaveLength(32);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['key']);
    expect(await loadKeyFile(file)).toEqual(keys[0]);
  });

  it('refuses a file that others may use, and names the remedy', async () => {
    const file = join(folder, 'key');
    await loadKeyFile(file);
    for (const mode of [0o640, 0o604, 0o660, 0o601]) {
      await chmod(file, mode);
      const loading = loadKeyFile(file);
      await expect(loading).rejects.toMatchObject({ code: 'key-unusable' });
      await expect(loading).rejects.toThrow(`mode ${mode.toString(8)}`);
    }
  });

  it('refuses what is no key, leaves it as it is, and does not repeat it', async () => {
    const file = join(folder, 'key');
    for (const text of ['', 'planted', 'A'.repeat(43), Buffer.alloc(33).toString('base64'), 'x'.repeat(1e6)]) {
      await writeFile(file, text, { mode: 0o600 });
      const refused = await loadKeyFile(file).catch((thrown: unknown) => thrown as Error);
      expect(refused).toMatchObject({ code: 'key-unusable' });
      expect(String(refused)).not.toContain('planted');
      expect(await readFile(file, 'utf8')).toBe(text);
    }
  });

  it('says which folder is not there', async () => {
    await expect(loadKeyFile(join(folder, 'no', 'key'))).rejects.toThrow('no');
  });
});
