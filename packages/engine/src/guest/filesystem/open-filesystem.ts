import type { Bytes } from '../../base/bytes.ts';
import { openBtrfs } from './btrfs/btrfs.ts';
import { openExt } from './ext/ext.ts';
import { openFat } from './fat/fat.ts';
import type { Filesystem } from './filesystem.ts';
import type { ContentKind } from './signature/content.ts';
import { openNtfs } from './ntfs/ntfs.ts';
import { openXfs } from './xfs/xfs.ts';

const READERS: Partial<Record<ContentKind, (part: Bytes) => Promise<Filesystem>>> = {
  ext2: openExt,
  ext3: openExt,
  ext4: openExt,
  xfs: openXfs,
  btrfs: openBtrfs,
  ntfs: openNtfs,
  fat12: openFat,
  fat16: openFat,
  fat32: openFat,
};

/** A reader for what was recognised, or undefined: there is none. @throws GuestFault */
export async function openFilesystem(kind: ContentKind, part: Bytes): Promise<Filesystem | undefined> {
  return await READERS[kind]?.(part);
}
