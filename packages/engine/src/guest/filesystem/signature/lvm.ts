import { SECTOR } from '../../../base/align.ts';
import { u32le, u64le } from '../../../base/endian.ts';
import { field } from '../../text.ts';
import { content, countOf, hasText, peek, type Recogniser } from './content.ts';

/** The label of a physical volume stands in one of the first four sectors. */
export async function findPvHeader(
  part: Parameters<Recogniser>[0],
): Promise<{ readonly sector: Uint8Array; readonly at: number } | undefined> {
  const head = await peek(part, 0, 4 * SECTOR);
  if (!head) return undefined;
  for (let at = 0; at < head.length; at += SECTOR) {
    if (!hasText(head, at, 'LABELONE') || !hasText(head, at + 24, 'LVM2 001')) continue;
    const header = u32le(head, at + 20);
    if (header < 32 || header > SECTOR - 64) return undefined;
    return { sector: head.subarray(at, at + SECTOR), at: header };
  }
  return undefined;
}

export const recogniseLvm: Recogniser = async (part) => {
  const found = await findPvHeader(part);
  if (!found) return undefined;
  const { sector, at } = found;
  return content('lvm', { uuid: dashed(field(sector, at, 32)), size: countOf(u64le(sector, at + 32)) });
};

/** LVM writes its names of 32 letters in groups. */
export function dashed(id: string): string {
  return id.replace(/^(.{6})(.{4})(.{4})(.{4})(.{4})(.{4})(.{6})$/, '$1-$2-$3-$4-$5-$6-$7');
}
