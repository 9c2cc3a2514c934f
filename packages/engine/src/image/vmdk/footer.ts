import { alignDown, KiB, MiB, SECTOR } from '../../base/align.ts';
import { readBytes, type Bytes } from '../../base/bytes.ts';
import { u32le } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import { isZero } from '../../base/zero.ts';
import { markerOf } from './marker.ts';
import { parseSparseHeader, SPARSE_MAGIC, type SparseHeader } from './sparse-header.ts';

/** The common case in one request, then as much padding as is believed. */
const TAIL_WINDOWS = [64 * KiB, 1 * MiB];

/**
 * The copy of the header at the end of a stream, which knows where the directory is:
 *
 *     … │ footer marker │ footer │ end-of-stream marker │ (padding of zeros)
 *
 * The end-of-stream marker is a sector of zeros, so the footer is the last sector that is not: padding does not matter.
 * @throws DiskferryError `image-truncated` where there is none: the stream was cut
 */
export async function readFooter(file: Bytes, header: SparseHeader, signal?: AbortSignal): Promise<SparseHeader> {
  const at = await lastUsedSector(file, signal);
  const missing = new DiskferryError('image-truncated', 'VMDK: the footer at the end of the stream is missing', {
    offset: file.size,
  });
  if (at === undefined || at < 2 * SECTOR || at + 2 * SECTOR > file.size) throw missing;
  const sectors = await readBytes(file, { offset: at - SECTOR, length: 2 * SECTOR }, signal);
  if (u32le(sectors, SECTOR) !== SPARSE_MAGIC || markerOf(sectors, at - SECTOR).kind !== 'footer') throw missing;
  return checkedFooter(sectors.subarray(SECTOR), header, at);
}

/** @throws DiskferryError `image-damaged` where header and footer are not of one disk */
export function checkedFooter(sector: Uint8Array, header: SparseHeader, at: number): SparseHeader {
  const footer = parseSparseHeader(sector, at);
  for (const field of ['version', 'capacity', 'grain', 'packed', 'marked', 'zeroGrains'] as const) {
    if (footer[field] === header[field]) continue;
    const message = `VMDK: ${field} is ${header[field]} in the header and ${footer[field]} in the footer`;
    throw new DiskferryError('image-damaged', message, { offset: at });
  }
  if (footer.directory === undefined) {
    throw new DiskferryError('image-damaged', 'VMDK: the footer does not say where the grain directory is', {
      offset: at + 56,
    });
  }
  return footer;
}

async function lastUsedSector(file: Bytes, signal?: AbortSignal): Promise<number | undefined> {
  for (const window of TAIL_WINDOWS) {
    const begin = alignDown(Math.max(0, file.size - window), SECTOR);
    const tail = await readBytes(file, { offset: begin, length: file.size - begin }, signal);
    for (let at = alignDown(Math.max(0, tail.length - 1), SECTOR); at >= 0; at -= SECTOR) {
      if (!isZero(tail.subarray(at, at + SECTOR))) return begin + at;
    }
  }
  return undefined;
}
