import { CheckpointFile, checkLanded, DiskMap, Meter } from '@diskferry/engine';
import { ServiceError } from '../../base/errors.ts';
import { FencedCheckpoint } from '../lease/fenced-checkpoint.ts';
import { FencedTarget } from '../lease/fenced-target.ts';
import { persist } from '../persist.ts';
import { lastVersion, type Work } from '../work.ts';
import { prepareCheckpoint } from './prepare-checkpoint.ts';

/**
 * An image that an earlier run has landed, before this one relies on it: where the volume was not locked in between, the
 * disk must be as it was left.
 */
export async function requireLandedUnchanged(work: Work, index: number): Promise<void> {
  const found = await work.checkpoints.find(work.lease.id, index);
  if (found !== undefined && found.lockedAt === (await lastVersion(work, ['locked']))) return;
  await withDisk(work, index, { meter: new Meter() }, async () => {});
}

/** Compares the disk of an image with what was written: what was read back then, or with `full` all of it once more. */
export async function verifyImage(work: Work, index: number): Promise<void> {
  const { lease, shared, checkpoints, signal } = work;
  const { digest, virtualSize: size } = await checkpoints.readLanded(lease.id, index);
  const meter = new Meter();
  meter.virtualSize = size;
  const whole = lease.migration.options.verify === 'full';
  // Where nothing is read, what is known from the copy is shown on.
  const map = whole ? new DiskMap() : undefined;
  await withDisk(work, index, { meter, map }, async ({ target, checkpoint }) => {
    const how = { checkpoint, size, whole, meter, map, workshop: shared.workshop, signal };
    const found = await checkLanded(target, how);
    if (found.digest === digest) return;
    throw new ServiceError('disk-changed', `the disk of image ${index} has the digest ${found.digest}, not ${digest}`);
  });
}

interface Disk {
  readonly target: FencedTarget;
  readonly checkpoint: FencedCheckpoint;
}

interface Shown {
  readonly meter: Meter;
  readonly map?: DiskMap | undefined;
}

function withDisk(work: Work, index: number, { meter, map }: Shown, use: (disk: Disk) => Promise<void>): Promise<void> {
  const { shared, lease, live, signal, checkpoints } = work;
  const { volume } = lease.migration.images[index]?.target ?? { volume: '' };
  return persist(work, async () => {
    live.works(index, meter, map);
    const disk = await shared.provider.openVolume(volume, { holder: lease.id, signal });
    await using target = new FencedTarget(disk, lease);
    const found = await checkpoints.find(lease.id, index);
    const earlier = found && (await CheckpointFile.peek(found.path));
    if (earlier === undefined) throw new ServiceError('checkpoint-lost', `the checkpoint of image ${index} is gone`);
    const binding = { ...earlier.binding, target: target.identity };
    await using file = await prepareCheckpoint(work, index, { target, binding });
    // What goes on over a disk that was free meanwhile was compared first, and counted by itself.
    live.works(index, meter, map);
    await use({ target, checkpoint: new FencedCheckpoint(file, lease) });
  });
}
