import { u16le, u32le } from '../../../base/endian.ts';
import { plainUuid } from '../../guid.ts';
import { field } from '../../text.ts';
import { content, peek, type ContentState, type Recogniser } from './content.ts';

const SUPERBLOCK_AT = 1024;
const HAS_JOURNAL = 0x4;
const NEEDS_RECOVERY = 0x4;
const SIXTY_FOUR_BITS = 0x80;
/** Features that ext3 does not know: extents, 64 bits, flexible groups, inline data and the like. */
const EXT4_INCOMPATIBLE = 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x2000 | 0x8000 | 0x10000;
const EXT4_READ_ONLY = 0x8 | 0x10 | 0x20 | 0x40 | 0x200 | 0x400;
const CLEAN = 1;
const ERRORS = 2;

export const recogniseExt: Recogniser = async (part) => {
  const block = await peek(part, SUPERBLOCK_AT, 1024);
  if (!block || u16le(block, 56) !== 0xef53) return undefined;
  const [compatible, incompatible, readOnly] = [92, 96, 100].map((at) => u32le(block, at)) as [number, number, number];
  const wide = (incompatible & SIXTY_FOUR_BITS) !== 0;
  const blockSize = 1024 * 2 ** Math.min(u32le(block, 24), 16);
  const count = (low: number, high: number) => u32le(block, low) + (wide ? u32le(block, high) * 2 ** 32 : 0);
  const blocks = count(4, 0x150);
  const free = count(12, 0x158);
  const isExt4 = (incompatible & EXT4_INCOMPATIBLE) !== 0 || (readOnly & EXT4_READ_ONLY) !== 0;
  const kind = isExt4 ? 'ext4' : (compatible & HAS_JOURNAL) !== 0 ? 'ext3' : 'ext2';
  return content(kind, {
    label: field(block, 120, 16),
    uuid: plainUuid(block, 104),
    size: blocks * blockSize,
    used: Math.max(0, blocks - free) * blockSize,
    states: statesOf(u16le(block, 58), incompatible),
  });
};

function statesOf(state: number, incompatible: number): ContentState[] {
  const states: ContentState[] = [];
  if ((incompatible & NEEDS_RECOVERY) !== 0) states.push('needs-recovery');
  else if ((state & CLEAN) === 0) states.push('dirty');
  if ((state & ERRORS) !== 0) states.push('errors');
  return states;
}
