import { DiskMap, Meter, requireFit, transfer, type Landed, type Opened } from '@diskferry/engine';
import { bytesText } from '../../preflight/check.ts';
import { FencedCheckpoint } from '../lease/fenced-checkpoint.ts';
import { FencedTarget } from '../lease/fenced-target.ts';
import { persist } from '../persist.ts';
import type { Work } from '../work.ts';
import { DurableProgress } from './durable-progress.ts';
import type { LandedImage } from './landed-image.ts';
import { openMigratedImage } from './open-image.ts';
import { prepareCheckpoint } from './prepare-checkpoint.ts';

/** Copies one image onto its volume, from where an earlier run stood. */
export async function landImage(work: Work, index: number): Promise<void> {
  let meter = new Meter();
  const attempt = async () => {
    meter = new Meter();
    return await landOnce(work, index, meter);
  };
  const landed = await persist(work, attempt, () => meter.committed + meter.bytesZeroed > 0);
  const { lease, checkpoints, maps } = work;
  await maps.keep();
  lease.requireHeld();
  await checkpoints.writeLanded(lease.id, index, landed);
  const isSizeKnown = lease.migration.images[index]?.size !== null;
  await lease.append({ kind: 'landed', image: index, ...(isSizeKnown ? {} : { size: landed.virtualSize }) });
  const digest = landed.digest === null ? 'no digest was asked for' : `digest ${landed.digest}`;
  work.say('info', `image ${index + 1}: ${bytesText(landed.virtualSize)} have landed; ${digest}`);
}

async function landOnce(work: Work, index: number, meter: Meter): Promise<LandedImage> {
  const { shared, lease, live, signal } = work;
  const image = lease.migration.images[index];
  if (image === undefined) throw new RangeError(`there is no image ${index}`);
  const map = new DiskMap();
  live.works(index, meter, map);
  await using source = await openMigratedImage(work, image, meter);
  const { opened } = source;
  const progress = new DurableProgress(lease, index, () => meter.landed);
  const disk = await shared.provider.openVolume(image.target.volume, { holder: lease.id, signal });
  await using target = new FencedTarget(disk, lease, () => progress.flushing());
  if (opened.virtualSize !== undefined) requireFit(opened.virtualSize, target);
  await opened.precheck?.(signal);
  const binding = { source: image.identity ?? '', image: opened.binding.image, target: target.identity };
  await using file = await prepareCheckpoint(work, index, { target, binding });
  sayBegin(work, index, opened);
  live.works(index, meter, map);
  try {
    const landed = await transfer(opened.origin, target, {
      checkpoint: new FencedCheckpoint(file, lease, () => progress.committed()),
      workshop: shared.workshop,
      meter,
      map,
      verify: lease.migration.options.verify === 'none' ? 'none' : 'written',
      width: work.connections,
      signal,
    });
    return landedImage(opened, landed, target.size);
  } finally {
    await progress.settled();
  }
}

function sayBegin({ say, lease }: Work, index: number, { layers, fileSize, reading }: Opened): void {
  const { target, content } = lease.migration.images[index] ?? {};
  const isBegun = content?.kind === 'partly' && content.bytes > 0;
  const begun = isBegun ? `goes on behind ${bytesText(content.bytes)}` : 'begins';
  const form = layers.map(({ name }) => name).join(' › ');
  const size = fileSize === undefined ? 'of unknown size' : `of ${bytesText(fileSize)}`;
  say('info', `image ${index + 1}: ${form} ${size}, read ${reading}, onto ${target?.volume}: the copy ${begun}`);
}

function landedImage(
  { identity, layers, warnings, fileSize }: Opened,
  { virtualSize, digest }: Landed,
  targetSize: number,
): LandedImage {
  const { size, etag, lastModified, version } = identity;
  return {
    // Only what stands for the object: a source tells more than belongs into a receipt.
    identity: { size, etag, lastModified, version },
    layers,
    warnings,
    fileSize: fileSize ?? null,
    virtualSize,
    digest: digest ?? null,
    targetSize,
  };
}
