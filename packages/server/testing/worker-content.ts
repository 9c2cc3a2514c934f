import { expect, vi } from 'vitest';
import { diskContent } from '../../engine/testing/disk-content.ts';
import { makeQcow2, tablesFirst } from '../../engine/testing/make-qcow2.ts';
import { MiB } from './local-cloud.ts';
import type { WorkerScene } from './worker-scene.ts';

export const ETAG = '"one"';

/** A disk with a boot sector, data and holes: what lies raw is otherwise taken for text or noise. */
export function bootableDisk(size: number): Uint8Array {
  const disk = diskContent('mix', size);
  disk.fill(0, 0, 512);
  // One partition of Linux, from 1 MiB to the end.
  const entry = Buffer.from(disk.buffer, disk.byteOffset + 446, 16);
  entry[4] = 0x83;
  entry.writeUInt32LE(2048, 8);
  entry.writeUInt32LE(size / 512 - 2048, 12);
  disk.set([0x55, 0xaa], 510);
  return disk;
}

export const DISK = bootableDisk(16 * MiB);
/** Some of it packed, some not, and holes. */
export const QCOW2 = makeQcow2({
  disk: DISK,
  clusterBits: 16,
  kindOf: (index) => (isZero(index) ? 'hole' : index % 3 === 0 ? 'packed' : 'plain'),
  order: tablesFirst,
});

function isZero(cluster: number): boolean {
  return DISK.subarray(cluster * 65536, (cluster + 1) * 65536).every((byte) => byte === 0);
}

/** The content, and zeros behind it. */
export async function expectLanded(scene: WorkerScene, volume: string, content = DISK): Promise<void> {
  const disk = await scene.disk(volume);
  expect(Buffer.compare(disk.subarray(0, content.length), content)).toBe(0);
  expect(disk.subarray(content.length).every((byte) => byte === 0)).toBe(true);
}

/** Nobody holds anything, soon at the latest. */
export async function expectFree({ provider }: WorkerScene): Promise<void> {
  await vi.waitFor(async () => {
    const all = [...(await provider.listVolumes()), ...(await provider.listInstances())];
    expect(all.map(({ heldBy }) => heldBy).filter((held) => held !== undefined)).toEqual([]);
  });
}
