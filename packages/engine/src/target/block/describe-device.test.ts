import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addPartition, hasLoopDevices, loopDevice } from '../../../testing/loop-device.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { MiB } from '../../base/align.ts';
import { claimDevice } from './claim-device.ts';
import { describeDevice } from './describe-device.ts';

const folder = await tempFolder();

async function blankFile(name: string, size = 4 * MiB): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, '');
  await truncate(path, size);
  return path;
}

it('refuses what is no block device, or not there', async () => {
  const path = await blankFile('a file');
  const unsupported = { code: 'target-unsupported', message: expect.stringContaining('is no block device') };
  await expect(describeDevice(path)).rejects.toMatchObject(unsupported);
  await expect(describeDevice('/dev/null')).rejects.toMatchObject(unsupported);
  await expect(describeDevice(`${path}.gone`)).rejects.toMatchObject({ code: 'target-not-found' });
});

describe.skipIf(!(await hasLoopDevices(folder)))('block devices (as root, with losetup)', () => {
  it('are described without being opened, under a name that stays when they grow', async () => {
    const file = await blankFile('one');
    await using device = await loopDevice(file);
    const seen = await describeDevice(device.path);
    expect(seen).toMatchObject({ size: 4 * MiB, readOnly: false, users: [], disk: seen.number });
    await truncate(file, 8 * MiB);
    await device.refresh();
    expect(await describeDevice(device.path)).toEqual({ ...seen, size: 8 * MiB });
  });

  it('are claimed together with the disk that they are a part of', async () => {
    await using device = await loopDevice(await blankFile('parted'), ['--partscan']);
    await using part = await addPartition(device.path);
    const [whole, seen] = [await describeDevice(device.path), await describeDevice(part.path)];
    expect(seen).toMatchObject({ disk: whole.number, size: MiB });
    expect(seen.number).not.toBe(whole.number);
    expect(seen.name).not.toBe(whole.name);
    const inUse = { code: 'target-in-use' };
    {
      await using _claim = await claimDevice(part.path);
      await expect(claimDevice(device.path)).rejects.toMatchObject(inUse);
    }
    await using _claim = await claimDevice(device.path);
    await expect(claimDevice(part.path)).rejects.toMatchObject(inUse);
    await expect(claimDevice(device.path)).rejects.toMatchObject(inUse);
  });
});
