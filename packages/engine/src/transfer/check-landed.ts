import { MiB } from '../base/align.ts';
import { DiskferryError } from '../base/errors.ts';
import type { Target } from '../target/target.ts';
import { checkSegments, digestDisk, type DiskCheck } from './check-disk.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { DiskMap } from './disk-map.ts';
import { History } from './history.ts';
import type { Meter } from './meter.ts';
import { SEGMENT, segmentCount } from './segment.ts';
import type { Workshop } from './workshop.ts';

/** What a disk is compared with: what its checkpoint says of it. The source is not needed. */
export interface CheckOptions {
  readonly checkpoint: Checkpoint;
  readonly meter: Meter;
  /** To be told what is on the disk, and what of it was compared. */
  readonly map?: DiskMap | undefined;
  readonly workshop: Workshop;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Checks a disk that a transfer has landed, maybe one of an earlier process. What that transfer read back is believed;
 * with `whole` all of the disk is read.
 * @returns its digest, see disk-digest.ts
 * @throws DiskferryError `target-differs`
 */
export async function checkLanded(
  target: Target,
  how: CheckOptions & { readonly size: number; readonly whole: boolean },
): Promise<{ digest: string }> {
  const history = await History.load(how.checkpoint, segmentCount(target.size));
  const check = diskCheck(target, how, history);
  how.map?.foresee(0, segmentCount(how.size), 'hole');
  return { digest: await digestDisk(check, { torn: history.torn, whole: how.whole }) };
}

/**
 * Before a copy goes on over a disk that others could have written meanwhile: what the checkpoint speaks of must still be
 * there. Where holes were to need no work, what is not done is made zero again.
 * @param how.size of the virtual disk, where it is known
 * @throws DiskferryError `target-differs`, also where it cannot be told
 */
export async function requireUnchanged(
  target: Target,
  how: CheckOptions & { readonly size: number | undefined },
): Promise<void> {
  const size = how.size ?? target.size;
  const count = segmentCount(target.size);
  const history = await History.load(how.checkpoint, count);
  if (history.torn.size > 0) throw untold(target, history.torn.size);
  const done = Array.from({ length: segmentCount(size) }, (_, index) => index).filter((index) => history.isDone(index));
  how.meter.stage = 'verifying';
  await checkSegments(diskCheck(target, { ...how, size }, history), done);
  if (how.checkpoint.start.startedZeroed) await zeroRest(target, history, how.signal);
}

function diskCheck(target: Target, how: CheckOptions & { readonly size: number }, history: History): DiskCheck {
  const { readBack } = target;
  if (!readBack) throw new DiskferryError('target-unsupported', `${target.label} cannot be read back`);
  const { size, workshop, meter, map, signal } = how;
  map?.sized(size);
  map?.resume(history);
  return { disk: readBack, size, digests: history.digests, workshop, meter, map, signal };
}

function untold(target: Target, torn: number): DiskferryError {
  const message = `whether ${target.label} is as it was left cannot be told: ${torn} segments have no digest`;
  return new DiskferryError('target-differs', message);
}

const ZERO_STEP = 256 * MiB;

async function zeroRest(target: Target, history: History, signal: AbortSignal | undefined): Promise<void> {
  const count = segmentCount(target.size);
  for (let at = 0; at < count;) {
    signal?.throwIfAborted();
    let end = at;
    while (end < count && (end - at) * SEGMENT < ZERO_STEP && !history.isDone(end)) end += 1;
    if (end > at) {
      const offset = at * SEGMENT;
      const length = Math.min(end * SEGMENT, target.size) - offset;
      await target.zero({ offset, length }, { mayPunch: true }, signal);
    }
    at = Math.max(end, at + 1);
  }
  await target.flush(signal);
}
