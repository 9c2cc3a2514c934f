import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasLoopDevices, loopDevice } from '../../../testing/loop-device.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { targetConformance } from '../../../testing/target-conformance.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { hasTool, run } from '../../../testing/tools.ts';
import { MiB, alignUp } from '../../base/align.ts';
import { openBlockTarget } from './open-block-target.ts';

const folder = await tempFolder();

describe.skipIf(!(await hasLoopDevices(folder)))('block devices (as root, with losetup)', () => {
  targetConformance('a block device', async (size) => {
    const file = await blankFile(size);
    const device = await loopDevice(file);
    const dispose = async (): Promise<void> => {
      await device[Symbol.asyncDispose]();
      await rm(file);
    };
    return { target: await openBlockTarget(device.path), content: () => readFile(device.path), dispose };
  });

  it('with blocks of 4096 bytes asks for writes of these', async () => {
    await using device = await loopDevice(await blankFile(2 * MiB), ['--sector-size', '4096']);
    await using target = await openBlockTarget(device.path);
    expect(target.traits.align).toBe(4096);
    const bytes = seededBytes(1, 4096);
    await expect(target.write(512, bytes)).rejects.toMatchObject({ code: 'internal' });
    await target.write(2 * MiB - 4096, bytes);
    await target.flush();
    const odd = Buffer.alloc(1001);
    await target.readBack.read(2 * MiB - 1001, odd);
    expect(odd.equals(Buffer.from(bytes).subarray(-1001))).toBe(true);
  });

  it('is refused while another copy has it', async () => {
    await using device = await loopDevice(await blankFile(MiB));
    await using _first = await openBlockTarget(device.path);
    await expect(openBlockTarget(device.path)).rejects.toMatchObject({ code: 'target-in-use' });
  });

  it('is refused when it is read-only', async () => {
    await using device = await loopDevice(await blankFile(MiB), ['--read-only']);
    await expect(openBlockTarget(device.path)).rejects.toMatchObject({ code: 'target-not-writable' });
  });

  it('keeps its identity when its number changes, and another disk has another one', async () => {
    const [one, other] = [await blankFile(MiB), await blankFile(MiB)];
    const first = await identityOf(one);
    {
      await using _before = await loopDevice(other);
      expect(await identityOf(one)).toBe(first);
    }
    expect(await identityOf(other)).not.toBe(first);
  });

  it.skipIf(!hasTool('mkfs.ext4') || !hasTool('mount'))('is refused while it is mounted, and says where', async () => {
    await using device = await loopDevice(await blankFile(8 * MiB));
    await run('mkfs.ext4', ['-q', device.path]);
    const place = join(folder, 'a place');
    await mkdir(place);
    await run('mount', [device.path, place]);
    try {
      const message = new RegExp(`mounted at ${place}`);
      await expect(openBlockTarget(device.path)).rejects.toMatchObject({ code: 'target-in-use', message });
    } finally {
      await run('umount', [place]);
    }
    await using _target = await openBlockTarget(device.path);
  });
});

async function blankFile(size: number): Promise<string> {
  const path = join(folder, randomUUID());
  await writeFile(path, '');
  await truncate(path, alignUp(size, 512));
  return path;
}

async function identityOf(file: string): Promise<string> {
  await using device = await loopDevice(file);
  await using target = await openBlockTarget(device.path);
  return target.identity;
}
