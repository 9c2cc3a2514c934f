import { MiB } from '../base/align.ts';
import { DiskferryError } from '../base/errors.ts';
import type { Image, ImageFacts, PassPlace, Scan } from '../image/image.ts';
import type { Target } from '../target/target.ts';
import { digestDisk, plainSha256, type DiskCheck } from './check-disk.ts';
import type { Checkpoint } from './checkpoint.ts';
import { copyPass } from './copy-pass.ts';
import { copyRanges } from './copy-ranges.ts';
import type { DiskMap } from './disk-map.ts';
import { History } from './history.ts';
import { Landing } from './landing.ts';
import type { Meter } from './meter.ts';
import { PassProgress } from './pass-progress.ts';
import { SEGMENT, segmentCount } from './segment.ts';
import type { Workshop } from './workshop.ts';

/**
 * Lands an image on a target:
 *
 *     check sizes ─► copy (by ranges, or in one pass) ─► zero behind the end ─► check the disk ─► digest
 *
 * When the promise settles nothing is in flight, whether it succeeded or not.
 */
export type Origin =
  | { readonly way: 'ranges'; readonly image: Image }
  | { readonly way: 'pass'; begin(signal?: AbortSignal, from?: PassPlace): Promise<Scan> };

/**
 * `none`: nothing is read back, and no digest is taken unless `sha256` asks for one. `written`: what was written is read
 * back before it is recorded. `full`: afterwards the whole disk is read as well.
 */
export type Verify = 'none' | 'written' | 'full';

export interface TransferOptions {
  readonly checkpoint: Checkpoint;
  readonly meter: Meter;
  /** To be told what becomes of each place of the disk. */
  readonly map?: DiskMap | undefined;
  /** Threads that compute; may serve several copies. */
  readonly workshop: Workshop;
  readonly verify: Verify;
  /** Also the plain SHA-256 of the disk: one more read of the target. */
  readonly sha256?: boolean;
  /** Requests to the source at once. */
  readonly width: number;
  /** Flush and record after this many bytes; see landing.ts for the defaults. */
  readonly commitBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What lies on the target behind the end of the disk. */
export type Behind = 'nothing' | 'zero' | 'edges-zero';

export interface Landed {
  readonly virtualSize: number;
  /** See disk-digest.ts. Undefined where none was wanted. */
  readonly digest?: string;
  readonly sha256?: string;
  readonly facts: ImageFacts;
  readonly behind: Behind;
}

export async function transfer(from: Origin, target: Target, how: TransferOptions): Promise<Landed> {
  if (from.way === 'ranges') requireFit(from.image.size, target);
  requireReadable(target, how);
  const history = await History.load(how.checkpoint, segmentCount(target.size));
  how.meter.stage = 'copying';
  const { size, facts } = await copy(from, target, { ...how, history });
  const behind = await clearBehind(size, target, how);
  await target.flush(how.signal);
  how.meter.virtualSize = size;
  return { virtualSize: size, facts, behind, ...(await conclude(size, target, { ...how, history })) };
}

/**
 * Both sizes, before a byte is written.
 * @throws DiskferryError `target-too-small`
 */
export function requireFit(virtualSize: number, target: { readonly size: number; readonly label: string }): void {
  if (virtualSize <= target.size) return;
  const message = `the virtual disk has ${virtualSize} bytes, ${target.label} has ${target.size}`;
  throw new DiskferryError('target-too-small', message);
}

function requireReadable(target: Target, how: TransferOptions): void {
  if (target.readBack || !isDigestWanted(how)) return;
  throw new DiskferryError('target-unsupported', `${target.label} cannot be read back`, {
    hint: 'Use --verify none, and leave --sha256 out.',
  });
}

function isDigestWanted(how: TransferOptions): boolean {
  return how.verify !== 'none' || how.sha256 === true;
}

type WithHistory = TransferOptions & { readonly history: History };

async function copy(from: Origin, target: Target, how: WithHistory): Promise<{ size: number; facts: ImageFacts }> {
  const { checkpoint, meter, map, workshop, signal, history, width } = how;
  const progress = new PassProgress();
  const onePass = from.way === 'pass';
  const landing = new Landing({
    target,
    workshop,
    checkpoint,
    meter,
    map,
    verify: how.verify !== 'none',
    commitBytes: how.commitBytes,
    ...(onePass ? { progress } : {}),
    signal,
  });
  const { startedZeroed } = checkpoint.start;
  const options = {
    landing,
    history,
    meter,
    map,
    workshop,
    width,
    startedZeroed,
    digested: isDigestWanted(how),
    signal,
  };
  meter.onePass = onePass;
  map?.sized(onePass ? target.size : from.image.size);
  map?.resume(history);
  meter.resumedBytes = onePass ? history.position : resumedBytes(history, target.size);
  try {
    const result = onePass
      ? await runPass(from, { ...options, target, progress })
      : await runRanges(from.image, options);
    await landing.finish();
    return result;
  } finally {
    await landing.abandon();
  }
}

async function runRanges(image: Image, options: Parameters<typeof copyRanges>[1]) {
  options.meter.virtualSize = image.size;
  options.meter.landed = options.meter.resumedBytes;
  await copyRanges(image, options);
  return { size: image.size, facts: image.facts };
}

async function runPass(from: Extract<Origin, { way: 'pass' }>, options: Parameters<typeof copyPass>[1]) {
  const scan = await from.begin(options.signal, options.history.place);
  options.progress.places = scan.places;
  if (scan.size !== undefined) requireFit(scan.size, options.target);
  options.meter.virtualSize = scan.size;
  if (scan.size !== undefined) options.map?.sized(scan.size);
  const size = await copyPass(scan, options);
  return { size, facts: scan.conclude().facts };
}

function resumedBytes(history: History, targetSize: number): number {
  let bytes = 0;
  for (let index = 0; index < segmentCount(targetSize); index++) {
    if (history.isDone(index)) bytes += Math.min(SEGMENT, targetSize - index * SEGMENT);
  }
  return bytes;
}

/** How much behind the end is zeroed where zeroing all would take long: old partition tables lie at the edges. */
const EDGE = 1 * MiB;

/** What a target held behind the end of the disk must not be taken for a part of it. */
async function clearBehind(size: number, target: Target, how: TransferOptions): Promise<Behind> {
  const { align, startsZeroed, fastZero } = target.traits;
  const begin = Math.min(target.size, Math.ceil(size / align) * align);
  const length = target.size - begin;
  if (length <= 0) return 'nothing';
  if (startsZeroed || how.checkpoint.start.startedZeroed) return 'zero';
  how.meter.stage = 'zeroing';
  if (fastZero || length <= 2 * EDGE) {
    await target.zero({ offset: begin, length }, { mayPunch: true }, how.signal);
    return 'zero';
  }
  const lastEdge = Math.ceil((target.size - EDGE) / align) * align;
  await target.zero({ offset: begin, length: EDGE }, { mayPunch: true }, how.signal);
  await target.zero({ offset: lastEdge, length: target.size - lastEdge }, { mayPunch: true }, how.signal);
  return 'edges-zero';
}

async function conclude(size: number, target: Target, how: WithHistory): Promise<{ digest?: string; sha256?: string }> {
  const { history, meter, signal } = how;
  const { digests } = history;
  const disk = target.readBack;
  if (!disk || !isDigestWanted(how)) return {};
  const check: DiskCheck = { disk, size, digests, workshop: how.workshop, meter, map: how.map, signal };
  const digest = await digestDisk(check, { torn: history.torn, whole: how.verify === 'full' });
  if (!how.sha256) return { digest };
  meter.stage = 'hashing';
  return { digest, sha256: await plainSha256(check) };
}
