import { u32le } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import { COWD_MAGIC } from './cowd-header.ts';
import { isDescriptor } from './descriptor.ts';
import { SPARSE_MAGIC } from './sparse-header.ts';

/** The files that VMDK disks are made of, by their first bytes. Flat extents have no mark. */
export type FileKind = 'descriptor' | 'sparse' | 'cowd' | 'sesparse' | 'unfinished';

/** The mark in small letters, which stands there until a program has written everything (open-vmdk, `sparse.c`). */
const UNFINISHED_MAGIC = SPARSE_MAGIC ^ 0x20202020;

/** Two u64 words: 0xcafebabe, then version 2.1. */
const SESPARSE_HEAD = Buffer.from('beba feca 0000 0000 0100 0000 0200 0000'.replaceAll(' ', ''), 'hex');

export function kindOf(head: Uint8Array): FileKind | undefined {
  if (head.length < 4) return undefined;
  const magic = u32le(head, 0);
  if (magic === SPARSE_MAGIC) return 'sparse';
  if (magic === COWD_MAGIC) return 'cowd';
  if (magic === UNFINISHED_MAGIC) return 'unfinished';
  if (SESPARSE_HEAD.compare(head.subarray(0, SESPARSE_HEAD.length)) === 0) return 'sesparse';
  return isDescriptor(head) ? 'descriptor' : undefined;
}

/** Why a file of this kind is not opened alone. */
export function refuseBare(kind: FileKind | undefined): DiskferryError {
  switch (kind) {
    case 'sesparse':
      return new DiskferryError('image-unsupported', 'VMDK: space-efficient (seSparse) extents are not supported', {
        offset: 0,
        hint: 'Consolidate the snapshots of the virtual machine and export the disk again.',
      });
    case 'unfinished':
      return new DiskferryError('image-truncated', 'VMDK: the program that wrote it did not come to its end', {
        offset: 0,
      });
    case 'cowd':
    case 'sparse':
      return new DiskferryError('image-extent-missing', 'this is one extent of a VMDK; its descriptor was not given', {
        offset: 0,
        hint: 'Give the small text file that lists the extents (NAME.vmdk) together with all of them.',
      });
    default:
      return new DiskferryError('image-not-recognised', 'no VMDK: neither a sparse extent nor a descriptor', {
        offset: 0,
      });
  }
}
