import { readBytes, type Bytes, type ByteStream } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import { ForwardBytes } from '../forward-bytes.ts';
import type { Image, Scan, ScanOptions, Surroundings } from '../image.ts';
import { scanByMap } from '../scan-map.ts';
import { DESCRIPTOR_LIMIT, parseDescriptor } from './descriptor.ts';
import { diskOfDescriptor } from './descriptor-disk.ts';
import { embeddedDescriptor } from './hosted-extent.ts';
import { kindOf, refuseBare, type FileKind } from './kind.ts';
import { monolithicDisk } from './monolithic-disk.ts';
import { parseSparseHeader } from './sparse-header.ts';
import { scanGrainStream } from './stream-scan.ts';

export async function openVmdk(file: Bytes, around: Surroundings, signal?: AbortSignal): Promise<Image> {
  const head = await readBytes(file, { offset: 0, length: Math.min(file.size, HEAD_BYTES) }, signal);
  const kind = checkedKind(head);
  if (kind === 'descriptor') return diskOfDescriptor(await standalone(file, signal), around, signal);
  const header = parseSparseHeader(head, 0);
  const descriptor = await embeddedDescriptor(file, header, signal);
  if (!descriptor) throw refuseBare('sparse');
  return monolithicDisk(file, { sector: head, descriptor }, signal);
}

export async function scanVmdk(stream: ByteStream, how: ScanOptions): Promise<Scan> {
  const file = new ForwardBytes(stream, how.fileSize);
  try {
    const head = await file.head(HEAD_BYTES, how.signal);
    if (checkedKind(head) === 'descriptor') {
      throw new DiskferryError('image-extent-missing', 'a VMDK descriptor is packed alone: its extents are elsewhere');
    }
    const header = parseSparseHeader(head, 0);
    if (header.packed) return await scanGrainStream(file, header, how.signal);
    return await scanByMap(file.rest(), how, (front) => openVmdk(front, NOBODY, how.signal));
  } catch (error) {
    await file[Symbol.asyncDispose]();
    throw error;
  }
}

/** Enough for every header and for knowing a descriptor. */
const HEAD_BYTES = 2048;
const NOBODY: Surroundings = { companion: async () => undefined };

/** What a file that is opened on its own is, where it can be: extents of other disks are refused. */
function checkedKind(head: Uint8Array): Extract<FileKind, 'descriptor' | 'sparse'> {
  const kind = kindOf(head);
  if (kind === 'descriptor') return kind;
  if (kind === 'sparse') {
    if (head.length >= 512) return kind;
    throw new DiskferryError('image-truncated', `the VMDK header ends at ${head.length}`, { offset: head.length });
  }
  throw refuseBare(kind);
}

async function standalone(file: Bytes, signal?: AbortSignal): Promise<ReturnType<typeof parseDescriptor>> {
  if (file.size > DESCRIPTOR_LIMIT) {
    const message = `a VMDK descriptor of ${file.size} bytes (${DESCRIPTOR_LIMIT})`;
    throw new DiskferryError('image-limit', message, { offset: DESCRIPTOR_LIMIT });
  }
  return parseDescriptor(await readBytes(file, { offset: 0, length: file.size }, signal), 0);
}
