import { KiB } from '../../../base/align.ts';
import { u64le } from '../../../base/endian.ts';
import { plainUuid } from '../../guid.ts';
import { field } from '../../text.ts';
import { content, countOf, hasText, peek, type Recogniser } from './content.ts';

const SUPERBLOCK_AT = 64 * KiB;
/** A log tree that is to be replayed when it is mounted. */
const LOG_ROOT = 96;

export const recogniseBtrfs: Recogniser = async (part) => {
  const block = await peek(part, SUPERBLOCK_AT, 4 * KiB);
  if (!block || !hasText(block, 64, '_BHRfS_M')) return undefined;
  const devices = countOf(u64le(block, 136)) ?? 0;
  return content('btrfs', {
    label: field(block, 299, 256),
    uuid: plainUuid(block, 32),
    size: countOf(u64le(block, 112)),
    used: countOf(u64le(block, 120)),
    states: [
      ...(u64le(block, LOG_ROOT) === 0n ? [] : (['needs-recovery'] as const)),
      ...(devices > 1 ? (['incomplete'] as const) : []),
    ],
    detail: devices > 1 ? `${devices} devices belong to it` : undefined,
  });
};
