import { truncateSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { asGuest, ListeningGuests } from '../../../../testing/listening-guests.ts';
import { localFolder } from '../../../../testing/local-scene.ts';
import { readPng } from '../../../../testing/png-reader.ts';
import { asPng, readPpm } from './png.ts';
import { takeScreen } from './screen.ts';

const guests = new ListeningGuests(await localFolder());
afterEach(() => guests.close());

const RGB = Buffer.from(Array.from({ length: 5 * 3 * 3 }, (_, index) => (index * 37) % 256));
const ppm = (head: string, rgb = RGB): Buffer => Buffer.concat([Buffer.from(head), rgb]);
const take = (folder: string) => takeScreen({ folder, name: 'i-1', signal: AbortSignal.timeout(5000) });

/** A guest whose QEMU writes `files` by their format, and refuses others in the words of QEMU. */
function screenOf(files: Partial<Record<'png' | 'ppm', (path: string) => void>>, refusal: string): Promise<string> {
  return guests.listen((command, id, { args, folder }) => {
    if (command !== 'screendump') return asGuest('i-1')(command, id);
    const write = files[args['format'] === 'png' ? 'png' : 'ppm'];
    if (write === undefined) return { error: { desc: refusal }, id };
    write(join(folder, String(args['filename'])));
    return { return: {}, id };
  });
}

const only = async (folder: string): Promise<string[]> => (await readdir(folder)).filter((name) => name !== 'qmp.sock');

describe('takeScreen()', () => {
  it.each(["Parameter 'format' is unexpected", 'Enable PNG support with libpng for screendump'])(
    'makes the PNG itself where QEMU answers %j',
    async (refusal) => {
      const folder = await screenOf({ ppm: (path) => writeFileSync(path, ppm('P6\n5 3\n255\n')) }, refusal);
      expect(readPng(await take(folder))).toEqual({ width: 5, height: 3, rgb: RGB });
      expect(await only(folder)).toEqual([]);
    },
  );

  it('takes the PNG of QEMU as it is', async () => {
    const png = await asPng({ width: 5, height: 3, rgb: RGB });
    const folder = await screenOf({ png: (path) => writeFileSync(path, png) }, 'never asked');
    expect(Buffer.compare(await take(folder), png)).toBe(0);
    expect(await only(folder)).toEqual([]);
  });

  it('says what QEMU said, and takes no picture that is too large, no PPM, or not there', async () => {
    await expect(take(await screenOf({}, 'no surface'))).rejects.toThrow('no surface');
    const large = await screenOf({ png: (path) => (writeFileSync(path, ''), truncateSync(path, 2 ** 27)) }, '');
    await expect(take(large)).rejects.toThrow('134217728 bytes');
    expect(await only(large)).toEqual([]);
    const broken = await screenOf({ ppm: (path) => writeFileSync(path, 'P6\n9 9\n255\nshort') }, 'no format');
    await expect(take(broken)).rejects.toThrow('no PPM');
    await expect(take(await screenOf({ png: () => {} }, ''))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('readPpm()', () => {
  it.each([
    ['another kind', ppm('P5\n5 3\n255\n')],
    ['another depth', ppm('P6\n5 3\n65535\n')],
    ['too few points', ppm('P6\n5 3\n255\n', RGB.subarray(1))],
    ['too many points', ppm('P6\n4 3\n255\n')],
    ['a size that nobody has', ppm('P6\n999999 999999\n255\n')],
    ['nothing', Buffer.alloc(0)],
  ])('refuses %s', (_what, bytes) => {
    expect(() => readPpm(bytes)).toThrow('no PPM');
  });
});
