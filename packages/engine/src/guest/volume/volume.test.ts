import { describe, expect, it } from 'vitest';
import { fuzzGuest } from '../../../testing/guest-fuzz.ts';
import { physicalVolume, type LvmPlan } from '../../../testing/lvm-maker.ts';
import { MemoryBytes } from '../../../testing/memory-bytes.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import type { Bytes } from '../../base/bytes.ts';
import { MiB } from '../../base/align.ts';
import { recognise } from '../filesystem/signature/recognise.ts';
import { logicalVolumes } from './logical-volume.ts';
import { parseMetadata } from './metadata-text.ts';
import { readPhysicalVolume } from './physical-volume.ts';

const plan: LvmPlan = {
  size: 8 * MiB,
  group: 'vg0',
  volumes: {
    root: [
      { first: 3, count: 2 },
      { first: 0, count: 1 },
    ],
    swap: [{ first: 5, count: 1 }],
  },
};

async function volumesOf(disk: Uint8Array) {
  return logicalVolumes([await readPhysicalVolume(new MemoryBytes(disk))]);
}

async function readAll(disk: Bytes): Promise<void> {
  for (const { bytes } of logicalVolumes([await readPhysicalVolume(disk)])) await bytes?.read(0, new Uint8Array(1));
}

describe('logicalVolumes()', () => {
  it('reads a linear volume of two segments', async () => {
    const disk = physicalVolume(plan);
    disk.set(seededBytes(7, 6 * MiB), MiB);
    expect(await recognise(new MemoryBytes(disk))).toMatchObject({ kind: 'lvm', size: 8 * MiB });
    const [root, swap] = await volumesOf(disk);
    expect(root).toMatchObject({ group: 'vg0', name: 'root', size: 3 * MiB, because: undefined });
    expect(swap).toMatchObject({ name: 'swap', size: MiB });
    const read = new Uint8Array(2 * MiB);
    await root?.bytes?.read(MiB, read);
    expect(Buffer.compare(read.subarray(0, MiB), disk.subarray(5 * MiB, 6 * MiB))).toBe(0);
    expect(Buffer.compare(read.subarray(MiB), disk.subarray(MiB, 2 * MiB))).toBe(0);
  });

  it('reads metadata that run over the end of their ring', async () => {
    const [root] = await volumesOf(physicalVolume({ ...plan, textAt: MiB - 4096 - 300 }));
    expect(root).toMatchObject({ name: 'root', size: 3 * MiB });
  });

  it('says why it cannot read a thin volume, or one that lies elsewhere too', async () => {
    expect(await volumesOf(physicalVolume({ ...plan, type: 'thin' }))).toMatchObject([
      { bytes: undefined, because: expect.stringContaining('a thin volume: ') },
      {},
    ]);
    expect(await volumesOf(physicalVolume({ ...plan, elsewhere: true }))).toMatchObject([
      { because: 'a part of it lies on pv1, which is not on this disk' },
      { because: 'a part of it lies on pv1, which is not on this disk' },
    ]);
  });

  it('does not believe a segment that leaves the disk', async () => {
    const large = { ...plan, volumes: { root: [{ first: 6, count: 5 }] } };
    expect(await volumesOf(physicalVolume(large))).toMatchObject([
      { because: 'a part of it lies behind the end of the disk' },
    ]);
  });

  it('gives an answer under mutation', async () => {
    const seeds = [
      physicalVolume({ ...plan, size: 2 * MiB }),
      physicalVolume({ ...plan, size: 2 * MiB, textAt: MiB - 4096 - 300 }),
    ];
    expect((await fuzzGuest('LVM', seeds, readAll, { seed: 1, milliseconds: 1000 })).cases).toBeGreaterThan(50);
  });
});

describe('parseMetadata()', () => {
  it('refuses what is no text of LVM, however deep or long', () => {
    for (const text of ['a {', 'a = [1, 2', 'a = }', '}{', 'a = "x', '{'.repeat(99), 'a { '.repeat(99), '\u0000'])
      expect(() => parseMetadata(text), text.slice(0, 20)).toThrow('LVM metadata');
  });

  it('takes a name for nothing but a name', () => {
    const parsed = parseMetadata('__proto__ { polluted = 1 }');
    expect(Object.keys(parsed)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
