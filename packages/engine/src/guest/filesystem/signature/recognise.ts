import type { Bytes } from '../../../base/bytes.ts';
import { recogniseBtrfs } from './btrfs.ts';
import type { Content, Recogniser } from './content.ts';
import { recogniseBitlocker, recogniseLuks } from './encrypted.ts';
import { recogniseExt } from './ext.ts';
import { recogniseExfat, recogniseFat } from './fat.ts';
import { recogniseIso9660 } from './iso9660.ts';
import { recogniseLvm } from './lvm.ts';
import { recogniseMd } from './md.ts';
import { recogniseNtfs } from './ntfs.ts';
import { recogniseSwap } from './swap.ts';
import { recogniseXfs } from './xfs.ts';

/**
 * In the order of trust: containers before what may shine through from inside them (a RAID 1 member with its superblock at
 * the end looks like its filesystem), long marks before short ones.
 */
const RECOGNISERS: readonly Recogniser[] = [
  recogniseLuks,
  recogniseBitlocker,
  recogniseLvm,
  recogniseMd,
  recogniseXfs,
  recogniseBtrfs,
  recogniseNtfs,
  recogniseExfat,
  recogniseIso9660,
  recogniseExt,
  recogniseSwap,
  recogniseFat,
];

/** What a part of a disk, or a whole disk, holds; undefined where nothing is known. */
export async function recognise(part: Bytes): Promise<Content | undefined> {
  for (const look of RECOGNISERS) {
    const found = await look(part);
    if (found) return found;
  }
  return undefined;
}
