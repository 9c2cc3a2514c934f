import { MiB, alignDown } from '../../base/align.ts';
import { ServerRefusal } from './nbd-errors.ts';
import type { NbdConnection } from './nbd-connection.ts';
import { COMMAND, COMMAND_FLAG, STATE_ZERO } from './protocol.ts';

/** Longest range that one request can ask for, aligned to any block size. */
const ASK_LENGTH = alignDown(2 ** 32 - 1, MiB);
/** A blank export of 8 TiB is known within these; what takes longer is zeroed like a used one. */
const QUERIES = 2048;
const PATIENCE_MS = 5000;

/**
 * Whether the server vouches that the whole export reads as zeros (block status of base:allocation). False also where
 * it does not know: the holes are then zeroed one by one.
 */
export async function isKnownZero(connection: NbdConnection, size: number, signal?: AbortSignal): Promise<boolean> {
  if (connection.export.allocationContext === undefined) return false;
  const until = Date.now() + PATIENCE_MS;
  try {
    for (let offset = 0, queries = 0; offset < size; queries++) {
      if (queries === QUERIES || Date.now() > until) return false;
      const length = Math.min(ASK_LENGTH, size - offset);
      const ask = { command: COMMAND.blockStatus, flags: COMMAND_FLAG.reqOne, offset, length };
      const status = await connection.request(ask, undefined, signal);
      if (status === undefined || (status.flags & STATE_ZERO) === 0) return false;
      offset += status.length;
    }
    return true;
  } catch (error) {
    if (error instanceof ServerRefusal) return false;
    throw error;
  }
}
