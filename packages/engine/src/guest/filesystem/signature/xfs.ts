import { u16be, u32be, u64be } from '../../../base/endian.ts';
import { plainUuid } from '../../guid.ts';
import { field } from '../../text.ts';
import { content, countOf, hasText, peek, type Recogniser } from './content.ts';

const NEEDS_REPAIR = 0x10;

/** Whether its log holds unwritten changes stands in the log and not here. */
export const recogniseXfs: Recogniser = async (part) => {
  const block = await peek(part, 0, 512);
  if (!block || !hasText(block, 0, 'XFSB')) return undefined;
  const blockSize = u32be(block, 4);
  const blocks = countOf(u64be(block, 8)) ?? 0;
  const log = u32be(block, 96);
  const free = countOf(u64be(block, 144));
  const version = u16be(block, 100) & 0xf;
  const isBroken = version === 5 && (u32be(block, 216) & NEEDS_REPAIR) !== 0;
  return content('xfs', {
    label: field(block, 108, 12),
    uuid: plainUuid(block, 32),
    size: blocks * blockSize,
    used: free === undefined ? undefined : Math.max(0, blocks - log - free) * blockSize,
    states: isBroken ? ['errors'] : [],
    detail: `version ${version}`,
  });
};
