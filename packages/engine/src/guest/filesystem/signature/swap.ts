import { KiB } from '../../../base/align.ts';
import { u32le } from '../../../base/endian.ts';
import { plainUuid } from '../../guid.ts';
import { field } from '../../text.ts';
import { content, hasText, peek, type Recogniser } from './content.ts';

/** The mark stands at the end of the first page, whose size is that of the machine it was made on. */
const PAGE_SIZES = [4 * KiB, 8 * KiB, 16 * KiB, 64 * KiB];
/** What a system writes there when it sleeps on the disk. */
const ASLEEP = ['S1SUSPEND', 'S2SUSPEND', 'ULSUSPEND', 'LINHIB0001'];

export const recogniseSwap: Recogniser = async (part) => {
  for (const page of PAGE_SIZES) {
    const mark = await peek(part, page - 10, 10);
    if (!mark) return undefined;
    const asleep = ASLEEP.some((text) => hasText(mark, 0, text));
    if (!asleep && !hasText(mark, 0, 'SWAPSPACE2')) continue;
    const head = await peek(part, 1024, 44);
    return content('swap', {
      ...(head ? { label: field(head, 28, 16), uuid: plainUuid(head, 12), size: (u32le(head, 4) + 1) * page } : {}),
      states: asleep ? ['hibernated'] : [],
    });
  }
  return undefined;
};
