import { alignDown, KiB } from '../../../base/align.ts';
import { u32le } from '../../../base/endian.ts';
import { GuestFault } from '../../fault.ts';
import { plainUuid } from '../../guid.ts';
import { field } from '../../text.ts';
import { content, peek, type Recogniser } from './content.ts';

const MAGIC = 0xa92b_4efc;
const LENGTH = 4 * KiB;

/** The superblock of a member of a Linux RAID; `version` 0 is that of 0.90. */
export interface MdSuperblock {
  readonly version: 0 | 1;
  readonly block: Uint8Array;
}

/** Superblock 1.1 lies at the start, 1.2 behind 4 KiB, 1.0 and 0.90 near the end. */
export async function findMdSuperblock(part: Parameters<Recogniser>[0]): Promise<MdSuperblock | undefined> {
  for (const at of [4 * KiB, 0, alignDown(part.size, 4 * KiB) - 8 * KiB]) {
    const block = await peekWhereSeen(part, at, LENGTH);
    if (block && u32le(block, 0) === MAGIC && u32le(block, 4) === 1) return { version: 1, block };
  }
  const block = await peekWhereSeen(part, alignDown(part.size, 64 * KiB) - 64 * KiB, LENGTH);
  return block && u32le(block, 0) === MAGIC && u32le(block, 4) === 0 ? { version: 0, block } : undefined;
}

export const recogniseMd: Recogniser = async (part) => {
  const found = await findMdSuperblock(part);
  if (!found) return undefined;
  const { version, block } = found;
  if (version === 0)
    return content('md', { states: ['incomplete'], detail: `RAID ${levelOf(u32le(block, 28))}, superblock 0.90` });
  const devices = u32le(block, 92);
  return content('md', {
    label: field(block, 32, 32),
    uuid: plainUuid(block, 16),
    states: devices > 1 ? ['incomplete'] : [],
    detail: `RAID ${levelOf(u32le(block, 72))} of ${devices} devices`,
  });
};

export function levelOf(word: number): string {
  return word === 0xffff_ffff ? 'linear' : String(word);
}

/** The end of a part may be out of reach: then only a superblock at its beginning counts. */
async function peekWhereSeen(
  part: Parameters<Recogniser>[0],
  offset: number,
  length: number,
): Promise<Uint8Array | undefined> {
  try {
    return await peek(part, offset, length);
  } catch (error) {
    if (error instanceof GuestFault && error.kind === 'limit') return undefined;
    throw error;
  }
}
