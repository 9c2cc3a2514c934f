import { u32le } from '../../base/endian.ts';
import type { ByteStream } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import type { FilterFlags } from './block-header.ts';
import { BRANCH_FILTERS } from './branch.ts';
import { deltaFilter } from './delta.ts';
import type { Filter } from './filter.ts';

const DELTA = 3;

/** @throws DiskferryError `package-unsupported` for filters that are not known, or known with other properties */
export function openFilter(flags: FilterFlags, at: number): Filter {
  if (flags.id === DELTA && flags.properties.length === 1) return deltaFilter((flags.properties[0] ?? 0) + 1);
  const branch = BRANCH_FILTERS.get(flags.id);
  const given = flags.properties.length;
  const start = given === 4 ? u32le(flags.properties, 0) : 0;
  if (branch === undefined || (given !== 0 && given !== 4) || start % branch.alignment !== 0) {
    throw new DiskferryError(
      'package-unsupported',
      `xz filter ${flags.id} (${nameOf(flags.id)}) with ${given} bytes of properties`,
      { offset: at },
    );
  }
  return branch.open(start);
}

/** The stream with the filter undone. Buffers are copied: the decoder still needs its window as it is. */
export async function* filtered(stream: ByteStream, filter: Filter): ByteStream {
  let left: Uint8Array = new Uint8Array(0);
  for await (const chunk of stream) {
    const buffer = new Uint8Array(left.length + chunk.length);
    buffer.set(left);
    buffer.set(chunk, left.length);
    const done = filter(buffer);
    if (done > 0) yield buffer.subarray(0, done);
    left = buffer.subarray(done);
  }
  // What is too short for an instruction was never changed.
  if (left.length > 0) yield left;
}

function nameOf(id: number): string {
  const names: Record<number, string> = { 3: 'delta', 6: 'IA-64', 11: 'RISC-V', 0x21: 'LZMA2' };
  return names[id] ?? BRANCH_FILTERS.get(id)?.name ?? 'unknown';
}
