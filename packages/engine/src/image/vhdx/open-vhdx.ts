import { overlap, type Bytes, type ByteStream } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import { blockExtents, checkBlocks } from '../block-map.ts';
import type { Image, Scan, ScanOptions } from '../image.ts';
import { mappedImage } from '../mapped.ts';
import { scanByMap } from '../scan-map.ts';
import { batMap } from './bat.ts';
import { HEADER_SECTION, readHeader, type Header } from './header.ts';
import { replayLog } from './log.ts';
import { readMetadata, type Metadata } from './metadata.ts';
import type { Overlay } from './overlay.ts';
import { readRegions, type Regions } from './region-table.ts';

export async function openVhdx(file: Bytes, signal?: AbortSignal): Promise<Image> {
  return (await opened(file, signal)).image;
}

export function scanVhdx(stream: ByteStream, how: ScanOptions): Promise<Scan> {
  return scanByMap(stream, how, async (file) => {
    const { image, overlay } = await opened(file, how.signal);
    if (overlay) await refuseChangedData(image, overlay, how.signal);
    return image;
  });
}

interface Opened {
  readonly image: Image;
  readonly overlay: Overlay | undefined;
}

async function opened(file: Bytes, signal?: AbortSignal): Promise<Opened> {
  const header = await readHeader(file, signal);
  // Before anything else is read: the log may hold changes of all that follows (MS-VHDX 2.3.3).
  const replayed = header.logGuid === undefined ? undefined : await replayLog(file, header, header.logGuid, signal);
  const current = replayed?.overlay ?? file;
  const regions = await readRegions(current, signal);
  const taken = takenRanges(header, regions);
  const metadata = await readMetadata(current, regions.metadata, signal);
  const map = batMap(current, { region: regions.bat, taken }, metadata);
  await checkBlocks(map, metadata.blockSize, signal);
  const image = mappedImage({
    size: metadata.diskSize,
    facts: factsOf(metadata, replayed?.entries),
    files: [current],
    extents: (within, signal) => blockExtents(map, within, signal),
  });
  return { image, overlay: replayed?.overlay };
}

function takenRanges({ log, at }: Header, { all }: Regions): typeof all {
  if (log.length === 0) return [HEADER_SECTION, ...all];
  if (all.some((region) => overlap(region, log))) {
    throw new DiskferryError('image-damaged', `the VHDX log at ${log.offset} lies over a region`, { offset: at });
  }
  return [HEADER_SECTION, log, ...all];
}

function factsOf(metadata: Metadata, replayed: number | undefined): Image['facts'] {
  const log = `the VHDX was not closed cleanly: ${replayed} entries of its log are replayed in memory`;
  const sectors = 'the disk has sectors of 4096 bytes: a target with sectors of 512 may not understand its partitions';
  return {
    format: 'vhdx',
    subformat: metadata.subformat,
    features: metadata.sectorSize === 4096 ? ['4096-byte sectors'] : [],
    warnings: [...(replayed === undefined ? [] : [log]), ...(metadata.sectorSize === 4096 ? [sectors] : [])],
    clusterSize: metadata.blockSize,
  };
}

/** What passes by is the file as it is: it must not be data that the log has changed. (Logs are made for tables.) */
async function refuseChangedData(image: Image, overlay: Overlay, signal?: AbortSignal): Promise<void> {
  for await (const extent of image.extents({ offset: 0, length: image.size }, signal)) {
    if (extent.kind !== 'data') continue;
    const stored = { offset: extent.stored.offset, length: extent.length };
    if (!overlay.changes(stored)) continue;
    const message = `the log of the VHDX changes data, at ${stored.offset}`;
    throw new DiskferryError('image-second-pass', message, { offset: stored.offset });
  }
}
