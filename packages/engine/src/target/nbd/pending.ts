import type { Coverage } from './coverage.ts';
import { COMMAND, type Command } from './protocol.ts';

/** What is asked of the server in one request. */
export interface Ask {
  readonly command: Command;
  readonly flags?: number;
  readonly offset: number;
  readonly length: number;
  /** Of a write: sent as it is, not copied. */
  readonly payload?: Uint8Array;
}

/** The first extent of the block status, in bytes, with its flags. */
export interface Status {
  readonly length: number;
  readonly flags: number;
}

/** A request that is on its way. The receiving loop fills it in and settles it. */
export interface Pending {
  readonly ask: Ask;
  /** Where the answer of a read goes. Undefined once nobody waits for it: what still comes is thrown away. */
  into: Uint8Array | undefined;
  readonly coverage: Coverage;
  chunks: number;
  status: Status | undefined;
  /** The first error chunk; the reply goes on until its last chunk. */
  errno: number;
  readonly settle: (outcome: { readonly errno: number; readonly failure?: Error }) => void;
}

/** Whether the server may change the disk through it: such a request is never left behind. */
export function changesDisk(ask: Ask): boolean {
  return ask.command === COMMAND.write || ask.command === COMMAND.writeZeroes;
}
