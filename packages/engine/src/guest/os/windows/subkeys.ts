import { MiB } from '../../../base/align.ts';
import { u16le, u32le } from '../../../base/endian.ts';
import { damaged, overLimit } from '../../fault.ts';
import { hasText } from '../../filesystem/signature/content.ts';
import type { ReadCell } from './cells.ts';

const KEY_LIMIT = 20_000;

/** Where the keys below a key lie: one list, or a list of lists. */
export async function* subkeyOffsets(read: ReadCell, offset: number): AsyncGenerator<number> {
  const list = await read(offset, MiB);
  let count = 0;
  for (const at of hasText(list, 0, 'ri') ? offsetsIn(list, 4) : [undefined]) {
    for (const key of keysIn(at === undefined ? list : await read(at, MiB))) {
      if (++count > KEY_LIMIT) throw overLimit(`a key of the registry with more than ${KEY_LIMIT} keys below`);
      yield key;
    }
  }
}

function keysIn(list: Uint8Array): number[] {
  if (hasText(list, 0, 'lf') || hasText(list, 0, 'lh')) return offsetsIn(list, 8);
  if (hasText(list, 0, 'li')) return offsetsIn(list, 4);
  throw damaged('the registry leads to what is no list of keys');
}

function offsetsIn(list: Uint8Array, width: number): number[] {
  const count = Math.min(u16le(list, 2), Math.floor((list.length - 4) / width));
  return Array.from({ length: count }, (_, index) => u32le(list, 4 + index * width));
}
