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
 * Behind it is a marker whose 16 bytes are zeros, and then zeros at most: so it is the last sector that is used, or the
 * one before where bytes are left behind the marker.
 * @throws DiskferryError `image-truncated` where there is none: the stream was cut
 */
export async function readFooter(file: Bytes, header: SparseHeader, signal?: AbortSignal): Promise<SparseHeader> {
  const last = await lastUsedSector(file, signal);
  for (const at of last === undefined ? [] : [last, last - SECTOR]) {
    if (at < 2 * SECTOR || at + 2 * SECTOR > file.size) continue;
    const sectors = await readBytes(file, { offset: at - SECTOR, length: 3 * SECTOR }, signal);
    const isEnd = isZero(sectors.subarray(2 * SECTOR, 2 * SECTOR + 16));
    const isFooter = u32le(sectors, SECTOR) === SPARSE_MAGIC && markerOf(sectors, at - SECTOR).kind === 'footer';
    if (isEnd && isFooter) return checkedFooter(sectors.subarray(SECTOR, 2 * SECTOR), header, at);
  }
  throw new DiskferryError('image-truncated', 'VMDK: the footer at the end of the stream is missing', {
    offset: file.size,
  });
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
