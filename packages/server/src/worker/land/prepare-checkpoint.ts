import { CheckpointFile, DiskferryError, DiskMap, Meter, requireUnchanged, type Binding } from '@diskferry/engine';
import { ServiceError } from '../../base/errors.ts';
import { FencedCheckpoint } from '../lease/fenced-checkpoint.ts';
import type { FencedTarget } from '../lease/fenced-target.ts';
import { lastVersion, type Work } from '../work.ts';
import type { FoundCheckpoint } from './checkpoint-folder.ts';

interface Disk {
  readonly target: FencedTarget;
  readonly binding: Binding;
}

/**
 * The checkpoint that a copy goes on from, or begins with. What the disk held before is thrown away only behind
 * `write-began`; and what an earlier run has written is gone on from only if nobody else could have written since.
 * @throws ServiceError `checkpoint-lost`, `disk-changed`; DiskferryError `checkpoint-*`
 */
export async function prepareCheckpoint(work: Work, index: number, disk: Disk): Promise<CheckpointFile> {
  const { lease, checkpoints } = work;
  const lockedAt = await lastVersion(work, ['locked']);
  const found = await checkpoints.find(lease.id, index);
  if (found !== undefined && isToGoOn(work, index, found.lockedAt === lockedAt)) {
    const file = await openFound(work, found, disk);
    if (file !== undefined) return await adopted(work, index, { file, found, lockedAt, target: disk.target });
  }
  requireNothingLost(work, index);
  return await begun(work, index, { ...disk, lockedAt });
}

/** After a retry that starts over nothing counts as written; in the same run a crash may have come before the first word. */
function isToGoOn({ lease }: Work, index: number, sameLock: boolean): boolean {
  const content = lease.migration.images[index]?.content;
  return content?.kind === 'complete' || (content?.kind === 'partly' && (sameLock || content.bytes > 0));
}

/** Undefined: the copy was stopped before it had written anything. */
async function openFound({ lease }: Work, found: FoundCheckpoint, { binding }: Disk) {
  if ((await CheckpointFile.peek(found.path)) === undefined) return undefined;
  lease.requireHeld();
  return await CheckpointFile.open(found.path, binding, () => Promise.reject(new Error('it has begun already')));
}

interface Adoption {
  readonly file: CheckpointFile;
  readonly found: FoundCheckpoint;
  readonly lockedAt: number;
  readonly target: FencedTarget;
}

async function adopted(work: Work, index: number, { file, found, lockedAt, target }: Adoption) {
  if (found.lockedAt === lockedAt) return file;
  const { lease, checkpoints, shared, signal, live } = work;
  try {
    const meter = new Meter();
    const map = new DiskMap();
    live.works(index, meter, map);
    const size = lease.migration.images[index]?.size ?? undefined;
    meter.virtualSize = size;
    const checkpoint = new FencedCheckpoint(file, lease);
    await requireUnchanged(target, { checkpoint, meter, map, size, workshop: shared.workshop, signal });
    lease.requireHeld();
    await checkpoints.adopt(found, lease.id, index, lockedAt);
    return file;
  } catch (error) {
    await file[Symbol.asyncDispose]();
    if (!(error instanceof DiskferryError) || error.code !== 'target-differs') throw error;
    throw new ServiceError('disk-changed', error.message, { cause: error });
  }
}

function requireNothingLost({ lease }: Work, index: number): void {
  const content = lease.migration.images[index]?.content;
  if (content?.kind === 'untouched' || (content?.kind === 'partly' && content.bytes === 0)) return;
  throw new ServiceError('checkpoint-lost', `of the disk of image ${index} a part was written, and which is not known`);
}

async function begun(
  { lease, checkpoints }: Work,
  index: number,
  { target, binding, lockedAt }: Disk & { readonly lockedAt: number },
): Promise<CheckpointFile> {
  const image = lease.migration.images[index];
  if (image?.content.kind === 'untouched') {
    await lease.append({ kind: 'write-began', image: index, ...(image.size === null ? { upTo: target.size } : {}) });
  }
  lease.requireHeld();
  await checkpoints.forget(lease.id, index);
  await target.clear();
  lease.requireHeld();
  const path = checkpoints.pathFor(lease.id, index, lockedAt);
  return await CheckpointFile.open(path, binding, async () => ({ startedZeroed: target.traits.startsZeroed }));
}
