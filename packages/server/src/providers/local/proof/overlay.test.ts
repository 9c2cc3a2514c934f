import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, toolPath } from '../../../../../engine/testing/tools.ts';
import { localFolder } from '../../../../testing/local-scene.ts';
import { makeOverlay } from './overlay.ts';
import { isBlueScreen, rowsOf } from './screen.ts';

const GiB = 2 ** 30;

describe.skipIf(toolPath('qemu-img') === undefined)('makeOverlay() [needs qemu-img]', () => {
  it.each([[2 ** 20], [3 * GiB + 512], [8 * 1024 * GiB]])(
    'is a sound qcow2 of %s bytes without a cluster',
    async (size) => {
      const path = join(await localFolder(), 'overlay');
      await makeOverlay(path, size);
      expect(await run('qemu-img', ['check', path])).toContain('No errors were found');
      const info = JSON.parse(await run('qemu-img', ['info', '--output=json', path])) as object;
      expect(info).toMatchObject({ format: 'qcow2', 'virtual-size': size });
      expect(info).not.toHaveProperty('backing-filename');
    },
  );

  it('takes writes', async () => {
    const path = join(await localFolder(), 'overlay');
    await makeOverlay(path, GiB);
    await run('qemu-io', ['-f', 'qcow2', '-c', 'write -P 7 900M 64k', path]);
    expect(await run('qemu-img', ['check', path])).toContain('No errors were found');
  });
});

const picture = (colour: readonly number[], blue: number) => {
  const rgb = new Uint8Array(3 * 1000);
  for (let point = 0; point < blue; point++) rgb.set(colour, 3 * point);
  return { width: 100, height: 10, rgb };
};

describe('the screen', () => {
  it('has its text in rows, without colours', () => {
    const memory = new Uint8Array(0x8000);
    for (const [at, letter] of [...'web login:'].entries()) memory[160 + 2 * at] = letter.charCodeAt(0);
    memory.fill(0x1b, 320, 330);
    expect(rowsOf(memory).split('\n').slice(0, 3)).toEqual(['', 'web login:', '']);
  });

  it.each([
    ['a stop error of Windows 10', [0, 0x78, 0xd7], 900, true],
    ['one of Windows 7', [0, 0, 0x80], 800, true],
    ['a plain colour', [0, 0x78, 0xd7], 1000, false],
    ['a window of that colour', [0, 0x78, 0xd7], 600, false],
    ['another blue', [20, 40, 200], 900, false],
  ] as const)('%s is %s: blue screen %s', (_what, colour, blue, is) => {
    expect(isBlueScreen(picture(colour, blue))).toBe(is);
  });
});
