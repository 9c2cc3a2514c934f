import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { tempFolder } from '../../testing/temp.ts';
import { MiB } from './align.ts';
import { adviseDontNeed, fallocate, hasSystemCalls, punchHole, seekData, seekHole } from './system-calls.ts';

describe.skipIf(!hasSystemCalls())('system calls [needs the C library of Linux]', async () => {
  const folder = await tempFolder();

  it('finds the data and the holes of a sparse file', async () => {
    await using file = await open(join(folder, 'sparse'), 'w+');
    await file.truncate(8 * MiB);
    await file.write(Buffer.alloc(65536, 1), 0, 65536, 4 * MiB);
    expect(seekData(file.fd, 0)).toBe(4 * MiB);
    expect(seekHole(file.fd, 4 * MiB)).toBe(4 * MiB + 65536);
    expect(seekData(file.fd, 5 * MiB)).toBe('end');
    expect(seekHole(file.fd, 8 * MiB)).toBe('end');
  });

  it('punches a hole into a file and leaves its size', async () => {
    const path = join(folder, 'punched');
    await using file = await open(path, 'w+');
    await file.write(Buffer.alloc(2 * MiB, 7));
    expect(await punchHole(file.fd, 0, MiB)).toBe(true);
    expect((await stat(path)).size).toBe(2 * MiB);
    const { buffer } = await file.read(Buffer.alloc(2 * MiB), 0, 2 * MiB, 0);
    expect(buffer.subarray(0, MiB).equals(Buffer.alloc(MiB))).toBe(true);
    expect(buffer[MiB]).toBe(7);
  });

  it('names the error as Node does', async () => {
    expect(() => seekData(1_000_000, 0)).toThrow(expect.objectContaining({ code: 'EBADF' }));
    await expect(fallocate(1_000_000, 0, 0, 4096)).rejects.toMatchObject({ code: 'EBADF' });
  });

  it('takes the advice to drop cached pages', async () => {
    await using file = await open(join(folder, 'advised'), 'w+');
    await file.write(Buffer.alloc(MiB));
    await file.sync();
    expect(adviseDontNeed(file.fd, 0, MiB)).toBe(true);
    expect(adviseDontNeed(1_000_000, 0, MiB)).toBe(false);
  });
});

describe('without the C library', () => {
  it('says that nothing is known and that nothing was done', async () => {
    const platform = Object.getOwnPropertyDescriptor(process, 'platform') as PropertyDescriptor;
    vi.resetModules();
    Object.defineProperty(process, 'platform', { ...platform, value: 'elsewhere' });
    try {
      const without = await import('./system-calls.ts');
      expect(without.hasSystemCalls()).toBe(false);
      expect(without.seekData(0, 0)).toBeUndefined();
      expect(without.seekHole(0, 0)).toBeUndefined();
      expect(await without.fallocate(0, 0, 0, 1)).toBe(false);
      expect(without.adviseDontNeed(0, 0, 1)).toBe(false);
    } finally {
      Object.defineProperty(process, 'platform', platform);
    }
  });
});
