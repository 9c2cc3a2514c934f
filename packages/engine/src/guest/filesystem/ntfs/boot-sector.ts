import { isPowerOfTwo, KiB, MiB } from '../../../base/align.ts';
import type { Bytes } from '../../../base/bytes.ts';
import { u16le, u64le } from '../../../base/endian.ts';
import { damaged } from '../../fault.ts';
import { readBounded } from '../../part.ts';
import { countOf, hasText } from '../signature/content.ts';
import { recordSizeOf } from '../signature/ntfs.ts';

export interface NtfsLayout {
  readonly clusterSize: number;
  /** Of the master file table. */
  readonly recordSize: number;
  readonly tableAt: number;
}

/** @throws GuestFault */
export async function readLayout(part: Bytes): Promise<NtfsLayout> {
  const sector = await readBounded(part, { offset: 0, length: 512 }, 512, 'the boot sector');
  if (!hasText(sector, 3, 'NTFS    ')) throw damaged('no boot sector of NTFS');
  const perCluster = sector[13] ?? 0;
  const clusterSize = u16le(sector, 11) * (perCluster > 128 ? 2 ** (256 - perCluster) : perCluster);
  const recordSize = recordSizeOf(sector[64] ?? 0, clusterSize);
  const table = countOf(u64le(sector, 48)) ?? 0;
  const sane = isPowerOfTwo(clusterSize) && clusterSize >= 512 && clusterSize <= 2 * MiB;
  if (!sane || !isPowerOfTwo(recordSize) || recordSize < 512 || recordSize > 16 * KiB) {
    throw damaged('the boot sector contradicts itself');
  }
  return { clusterSize, recordSize, tableAt: table * clusterSize };
}
