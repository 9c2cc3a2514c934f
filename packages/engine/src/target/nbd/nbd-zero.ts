import { GiB, MiB, alignDown } from '../../base/align.ts';
import type { Range } from '../../base/bytes.ts';
import { writeZeros } from '../zeros.ts';
import { exportHas, type Export } from './export.ts';
import { ServerRefusal } from './nbd-errors.ts';
import { COMMAND, COMMAND_FLAG } from './protocol.ts';
import type { Ask } from './pending.ts';

type Zero = Range & { readonly mayPunch: boolean };

/** What the ladder stands on: how requests are sent, and how zeros are written where nothing else helps. */
interface Ground {
  readonly send: (ask: Ask, signal?: AbortSignal) => Promise<unknown>;
  readonly write: (offset: number, bytes: Uint8Array, signal?: AbortSignal) => Promise<void>;
}

/** A command without payload may exceed the maximum block size; with these lengths it stays bounded in time. */
const FAST_LENGTH = GiB;
const SLOW_LENGTH = 64 * MiB;
const REFUSALS_OF_A_RUNG = ['ENOTSUP', 'EINVAL', 'EOVERFLOW'];

interface Rung {
  readonly flags: number;
  readonly length: number;
}

/**
 * The ladder of zeroing an NBD export: fast zeroing, zeroing however long it takes, zeroing within the maximum block
 * size, writing zeros. A rung that the server does not do is not tried again. With and without the permission to punch
 * are two ladders: a server may have a quick way for only one of them.
 */
export class ZeroLadder {
  readonly #punching: Rung[];
  readonly #allocating: Rung[];

  constructor(found: Export) {
    this.#punching = rungsFor(found, 0);
    this.#allocating = rungsFor(found, COMMAND_FLAG.noHole);
  }

  /** Whether the server has promised to answer quickly or not at all, and has not refused yet. */
  get isFast(): boolean {
    return [this.#punching, this.#allocating].every(([first]) => ((first?.flags ?? 0) & COMMAND_FLAG.fastZero) !== 0);
  }

  async zero(range: Zero, ground: Ground, signal?: AbortSignal): Promise<void> {
    const rungs = range.mayPunch ? this.#punching : this.#allocating;
    let { offset, length } = range;
    while (length > 0) {
      const rung = rungs[0];
      if (rung === undefined) {
        return await writeZeros({ offset, length }, (at, bytes) => ground.write(at, bytes, signal), signal);
      }
      signal?.throwIfAborted();
      const piece = Math.min(length, rung.length);
      const ask = { command: COMMAND.writeZeroes, flags: rung.flags, offset, length: piece };
      if (!(await isTaken(ask, ground, signal))) {
        if (rungs[0] === rung) rungs.shift(); // others on the same rung may have left it already
        continue;
      }
      offset += piece;
      length -= piece;
    }
  }
}

function rungsFor(found: Export, flags: number): Rung[] {
  if (!exportHas(found, 'sendWriteZeroes')) return [];
  const { minimum = 1, maximum = 2 ** 32 - 1 } = found.blockSize ?? {};
  const rungs: Rung[] = [];
  if (exportHas(found, 'sendFastZero')) rungs.push({ flags: flags | COMMAND_FLAG.fastZero, length: FAST_LENGTH });
  rungs.push({ flags, length: SLOW_LENGTH });
  if (maximum < SLOW_LENGTH) rungs.push({ flags, length: alignDown(maximum, minimum) });
  return rungs;
}

async function isTaken(ask: Ask, ground: Ground, signal?: AbortSignal): Promise<boolean> {
  try {
    await ground.send(ask, signal);
    return true;
  } catch (error) {
    if (error instanceof ServerRefusal && REFUSALS_OF_A_RUNG.includes(error.code)) return false;
    throw error;
  }
}
