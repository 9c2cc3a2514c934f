import type { Bytes } from '../src/base/bytes.ts';
import { MiB } from '../src/base/align.ts';
import { Budget } from '../src/guest/cache/budget.ts';
import { FrugalBytes } from '../src/guest/cache/frugal-bytes.ts';
import { GuestFault } from '../src/guest/fault.ts';
import { fuzzTime } from './fuzz-time.ts';
import { MemoryBytes } from './memory-bytes.ts';
import { mutated } from './mutate.ts';
import { seededRandom } from './seeded.ts';

/** CPU, not wall time. */
const CASE_LIMIT_MS = 1500;
/** What a case may take in buffers, one after the other: all that is read, and what is unpacked from it. */
const CASE_LIMIT_BYTES = 1024 * MiB;

/**
 * Mutation fuzzing of a reader of guests, as `fuzz.ts` does it for formats: `read` gets a damaged disk and must give an
 * answer or a GuestFault, in bounded time. A failure names the seed and the case; `only` repeats that one.
 */
export async function fuzzGuest(
  name: string,
  seeds: readonly Uint8Array[],
  read: (disk: FrugalBytes) => Promise<unknown>,
  options: { readonly seed: number; readonly milliseconds: number; readonly only?: number },
): Promise<{ readonly cases: number; readonly refused: number }> {
  const { seed, milliseconds } = options.only === undefined ? fuzzTime(options) : options;
  const end = Date.now() + milliseconds;
  let cases = 0;
  let refused = 0;
  for (let number = options.only ?? 0; cases === 0 || (options.only === undefined && Date.now() < end); number++) {
    const random = seededRandom(seed * 1_000_003 + number);
    const disk = mutated(seeds[Math.floor(random() * seeds.length)] ?? new Uint8Array(0), random);
    try {
      if (await isRefused(read, new MemoryBytes(disk))) refused++;
    } catch (cause) {
      throw new Error(`fuzzing ${name}: seed ${seed}, only: ${number}: ${String(cause)}`, { cause });
    }
    cases++;
  }
  return { cases, refused };
}

async function isRefused(read: (disk: FrugalBytes) => Promise<unknown>, disk: Bytes): Promise<boolean> {
  const started = process.cpuUsage();
  const { arrayBuffers } = process.memoryUsage();
  const budget = new Budget({ bytes: 64 * MiB, milliseconds: 60_000 });
  const refused = await read(new FrugalBytes(disk, budget)).then(
    () => false,
    (error: unknown) => {
      if (error instanceof GuestFault) return true;
      throw error;
    },
  );
  const taken = process.memoryUsage().arrayBuffers - arrayBuffers;
  if (taken > CASE_LIMIT_BYTES) throw new Error(`took ${Math.round(taken / MiB)} MiB of memory`);
  const { user, system } = process.cpuUsage(started);
  if ((user + system) / 1000 > CASE_LIMIT_MS) throw new Error(`took ${Math.round((user + system) / 1000)} ms of CPU`);
  return refused;
}
