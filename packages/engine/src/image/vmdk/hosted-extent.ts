import { SECTOR } from '../../base/align.ts';
import { overlap, readBytes, type Bytes, type Range } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import { isZero } from '../../base/zero.ts';
import { parseDescriptor, DESCRIPTOR_LIMIT, type Descriptor } from './descriptor.ts';
import { readFooter } from './footer.ts';
import { directoryBytes, HOSTED_TABLE_ENTRIES, parseSparseHeader, type SparseHeader } from './sparse-header.ts';
import { tableCount, type SparseLayout } from './sparse-layout.ts';

/** A hosted sparse extent: its header, the descriptor inside it if there is one, and how its grains are found. */
export interface HostedExtent {
  readonly header: SparseHeader;
  readonly layout: SparseLayout;
  readonly usesRedundant: boolean;
}

/** Sector 0 is the header; the number of sector 1 stands for a grain of zeros, so that nothing can lie there. */
const HEAD: Range = { offset: 0, length: 2 * SECTOR };

/**
 * The descriptor inside a sparse extent; undefined where there is none (qemu-img leaves empty room in split extents).
 * @throws DiskferryError as parseDescriptor, `image-truncated`, `image-limit`
 */
export async function embeddedDescriptor(
  file: Bytes,
  header: SparseHeader,
  signal?: AbortSignal,
): Promise<Descriptor | undefined> {
  const range = header.descriptor;
  if (!range) return undefined;
  if (range.length > DESCRIPTOR_LIMIT) {
    const message = `VMDK: the embedded descriptor has ${range.length} bytes (${DESCRIPTOR_LIMIT})`;
    throw new DiskferryError('image-limit', message, { offset: 36 });
  }
  const end = range.offset + range.length;
  if (end > file.size) {
    const message = `VMDK: the embedded descriptor ends at ${end}, the file at ${file.size}`;
    throw new DiskferryError('image-truncated', message, { offset: range.offset });
  }
  const text = await readBytes(file, range, signal);
  return isZero(text) ? undefined : parseDescriptor(text, range.offset);
}

/** @param sector the header: 512 bytes that begin with the magic */
export async function openHosted(file: Bytes, sector: Uint8Array, signal?: AbortSignal): Promise<HostedExtent> {
  const header = parseSparseHeader(sector, 0);
  const placed = header.directory === undefined ? await readFooter(file, header, signal) : header;
  const tables = tableCount(layoutOf(header, { offset: 0, length: 0 }));
  const { offset, usesRedundant } = chooseDirectory(placed, directoryBytes(tables), file.size);
  return { header, layout: layoutOf(header, { offset, length: directoryBytes(tables) }), usesRedundant };
}

/** @param directory where it lies, in whole sectors */
export function layoutOf(header: SparseHeader, directory: Range): SparseLayout {
  return {
    capacity: header.capacity,
    grain: header.grain,
    tableEntries: HOSTED_TABLE_ENTRIES,
    directory: directory.offset,
    taken: [HEAD, ...(header.descriptor ? [header.descriptor] : []), directory],
    zeroGrains: header.zeroGrains,
    packing: header.packed ? (header.marked ? 'marked' : 'bare') : 'plain',
  };
}

/** The redundant directory serves where the first cannot be, and only where the header says that it is there. */
function chooseDirectory(
  header: SparseHeader,
  length: number,
  fileSize: number,
): { offset: number; usesRedundant: boolean } {
  const fault = directoryFault(header, { offset: header.directory ?? 0, length }, fileSize);
  if (!fault) return { offset: header.directory ?? 0, usesRedundant: false };
  const redundant = header.redundantDirectory;
  if (redundant === undefined || directoryFault(header, { offset: redundant, length }, fileSize)) throw fault;
  return { offset: redundant, usesRedundant: true };
}

function directoryFault(header: SparseHeader, range: Range, fileSize: number): DiskferryError | undefined {
  const end = range.offset + range.length;
  if (range.offset === 0 || (header.descriptor && overlap(header.descriptor, range))) {
    const message = `VMDK: the grain directory at ${range.offset} lies on the header or the descriptor`;
    return new DiskferryError('image-damaged', message, { offset: 56 });
  }
  if (end <= fileSize) return undefined;
  const message = `VMDK: the grain directory at ${range.offset} ends at ${end}, the file at ${fileSize}`;
  return new DiskferryError('image-truncated', message, { offset: range.offset });
}
