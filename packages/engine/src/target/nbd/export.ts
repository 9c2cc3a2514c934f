import { isPowerOfTwo } from '../../base/align.ts';
import { u16be, u32be, u64be } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import { protocolFault } from './nbd-errors.ts';
import { EXPORT_FLAG } from './protocol.ts';
import type { Wire } from './wire.ts';

/** What a server says about an export before the first request. All of it was checked. */
export interface Export {
  readonly size: number;
  readonly flags: number;
  /** Undefined: the server does not say. */
  readonly blockSize?: { readonly minimum: number; readonly preferred: number; readonly maximum: number } | undefined;
  readonly structuredReplies: boolean;
  /** Id of the context base:allocation, where it was granted. */
  readonly allocationContext?: number | undefined;
}

export function exportInfo(wire: Wire, data: Buffer): Pick<Export, 'size' | 'flags'> {
  if (data.length !== 12) throw protocolFault(wire.label, `NBD_INFO_EXPORT of ${data.length} bytes; it has 12`);
  return { size: exactSize(wire, u64be(data, 2)), flags: u16be(data, 10) };
}

/** The constraints of the protocol: powers of two in order, and a maximum that is a multiple of the minimum. */
export function blockSizeInfo(wire: Wire, data: Buffer): Export['blockSize'] {
  if (data.length !== 14) throw protocolFault(wire.label, `NBD_INFO_BLOCK_SIZE of ${data.length} bytes; it has 14`);
  const [minimum, preferred, maximum] = [u32be(data, 2), u32be(data, 6), u32be(data, 10)];
  const isUnbounded = maximum === 2 ** 32 - 1;
  const isSound =
    isPowerOfTwo(minimum) &&
    minimum <= 65536 &&
    isPowerOfTwo(preferred) &&
    preferred >= minimum &&
    (isUnbounded || (maximum >= minimum && maximum % minimum === 0));
  if (isSound) return { minimum, preferred, maximum };
  throw protocolFault(wire.label, `block sizes ${minimum}, ${preferred}, ${maximum} (minimum, preferred, maximum)`);
}

export function exactSize(wire: Wire, size: bigint): number {
  if (size <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(size);
  throw new DiskferryError('target-unsupported', `${wire.label} has ${size} bytes; up to 8 PiB can be written`);
}

/** Whether the flag is set; without the first one the others mean nothing. */
export function exportHas(found: Export, flag: keyof typeof EXPORT_FLAG): boolean {
  return (found.flags & EXPORT_FLAG.hasFlags) !== 0 && (found.flags & EXPORT_FLAG[flag]) !== 0;
}
