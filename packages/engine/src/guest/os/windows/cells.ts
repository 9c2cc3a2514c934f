import type { Bytes } from '../../../base/bytes.ts';
import { u32le } from '../../../base/endian.ts';
import { damaged } from '../../fault.ts';
import { readBounded } from '../../part.ts';

/** Gives the content of the cell at an offset into the bins. @throws GuestFault above `limit` bytes */
export type ReadCell = (offset: number, limit: number) => Promise<Uint8Array>;

/** A cell begins with its size, negative where it is in use. */
export function cellReader(file: Bytes, binsAt: number): ReadCell {
  return async (offset, limit) => {
    const at = binsAt + offset;
    const word = u32le(await readBounded(file, { offset: at, length: 4 }, 4, 'a cell of the registry'), 0);
    const size = -(word | 0);
    if (size < 8) throw damaged('the registry leads to a cell that is free');
    return await readBounded(file, { offset: at + 4, length: size - 4 }, limit, 'a cell of the registry');
  };
}
