import { endOf, readBytes, type Range } from '../src/base/bytes.ts';
import { DiskferryError } from '../src/base/errors.ts';
import { storedLength } from '../src/image/fetch-plan.ts';
import type { Image, ImageFormat, Spill } from '../src/image/image.ts';
import { endsOf, surroundings } from './image-conformance.ts';
import { fuzzTime } from './fuzz-time.ts';
import { MemoryBytes, streamOf } from './memory-bytes.ts';
import { mutated } from './mutate.ts';
import { seededRandom } from './seeded.ts';

/**
 * Mutation fuzzing of an image format. Every case is a function of (seed, number of the case); a failure names both:
 *
 *     await fuzzFormat(qcow2, seeds, { seed: 1, milliseconds: 2000 });
 *     await fuzzFormat(qcow2, seeds, { seed: 1, milliseconds: 2000, only: 4711 });   // one case again
 */
export interface FuzzOptions {
  readonly seed: number;
  /** How long new cases are begun. */
  readonly milliseconds: number;
  /** Run this case alone. */
  readonly only?: number;
  /** Also demand that one pass, where it is accepted, gives the bytes that random access gives. */
  readonly comparePasses?: boolean;
}

export interface FuzzReport {
  readonly cases: number;
  /** Cases that were read to their end without a refusal. */
  readonly accepted: number;
  /** How often each refusal was given. */
  readonly refused: Readonly<Record<string, number>>;
}

/** CPU, not wall time: other work on the machine is not the format's fault. */
const CASE_LIMIT_MS = 1000;
const EXTENT_LIMIT = 20_000;
const PIECE_LIMIT = 20_000;
const SAMPLE = 64 * 1024;
const COMPARED_SIZE = 8 * 1024 * 1024;
const SPILL_LIMIT = 16 * 1024 * 1024;

/** @throws Error naming the seed and the case when anything but an `image-*` refusal comes out, or a case takes over 1 s */
export async function fuzzFormat(
  format: ImageFormat,
  seeds: readonly Uint8Array[],
  options: FuzzOptions,
): Promise<FuzzReport> {
  const refused: Record<string, number> = {};
  let cases = 0;
  const { seed, milliseconds } = options.only === undefined ? fuzzTime(options) : options;
  const end = Date.now() + milliseconds;
  for (let number = options.only ?? 0; cases === 0 || (options.only === undefined && Date.now() < end); number++) {
    const code = await fuzzCase(format, seeds, { ...options, seed, only: number });
    if (code) refused[code] = (refused[code] ?? 0) + 1;
    cases++;
  }
  const accepted = cases - Object.values(refused).reduce((sum, count) => sum + count, 0);
  return { cases, accepted, refused };
}

async function fuzzCase(
  format: ImageFormat,
  seeds: readonly Uint8Array[],
  options: FuzzOptions & { only: number },
): Promise<string | undefined> {
  const random = seededRandom(options.seed * 1_000_003 + options.only);
  const base = seeds[Math.floor(random() * seeds.length)] ?? new Uint8Array(0);
  const content = mutated(base, random);
  const started = process.cpuUsage();
  try {
    const code = await refusalOf(() => exercise(format, content, options, random));
    const { user, system } = process.cpuUsage(started);
    const spent = (user + system) / 1000;
    if (spent > CASE_LIMIT_MS) throw new Error(`took ${Math.round(spent)} ms of CPU, ${code ?? 'accepted'}`);
    return code;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`fuzzing ${format.name}: seed ${options.seed}, only: ${options.only}: ${why}`, { cause });
  }
}

/** The code of the refusal, undefined where all went well; everything that is no refusal of the image is thrown on. */
async function refusalOf(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof DiskferryError && error.code.startsWith('image-')) return error.code;
    throw error;
  }
}

async function exercise(
  format: ImageFormat,
  content: Uint8Array,
  options: FuzzOptions,
  random: () => number,
): Promise<void> {
  const file = new MemoryBytes(content);
  format.probe(await endsOf(file));
  const scanned = await onePass(format, content);
  const image = await format.open(file, surroundings());
  checkFacts(image);
  await checkExtents(image, { offset: 0, length: image.size });
  for (const range of samples(image.size, random)) await readBytes(image, range);
  if (!options.comparePasses || !scanned || image.size > COMPARED_SIZE) return;
  const whole = await readBytes(image, { offset: 0, length: image.size });
  if (Buffer.compare(whole, scanned) !== 0) throw new Error('one pass gives other bytes than random access');
}

function checkFacts(image: Image): void {
  if (!Number.isSafeInteger(image.size) || image.size < 0) throw new Error(`size is ${image.size}`);
  const texts = [...image.facts.features, ...image.facts.warnings];
  if (texts.length > 100 || texts.some((text) => text.length > 1000)) throw new Error('the facts are not bounded');
}

async function checkExtents(image: Image, within: Range): Promise<void> {
  let at = within.offset;
  let count = 0;
  for await (const extent of image.extents(within)) {
    if (extent.offset !== at || extent.length <= 0) throw new Error(`extent at ${extent.offset}, expected ${at}`);
    at = endOf(extent);
    if (at > endOf(within)) throw new Error(`extent ends at ${at}, behind ${endOf(within)}`);
    if (extent.kind === 'data') {
      const fileSize = image.files[extent.stored.file]?.size ?? 0;
      const end = extent.stored.offset + storedLength(extent);
      if (extent.stored.offset < 0 || end > fileSize) throw new Error(`stored up to ${end}, the file has ${fileSize}`);
    }
    if (++count >= EXTENT_LIMIT) return;
  }
  if (at !== endOf(within)) throw new Error(`the extents end at ${at}, the disk at ${endOf(within)}`);
}

function samples(size: number, random: () => number): Range[] {
  const length = Math.min(size, SAMPLE);
  const last = size - length;
  return [0, last, Math.floor(random() * last)].map((offset) => ({ offset, length }));
}

/** The disk as one pass gives it, where it is small enough to hold; a refusal of the pass is as good as none. */
async function onePass(format: ImageFormat, content: Uint8Array): Promise<Uint8Array | undefined> {
  let disk: Uint8Array | undefined;
  const code = await refusalOf(async () => {
    const fileSize = content.length % 2 === 0 ? content.length : undefined;
    const scan = await format.scan?.(streamOf(content, [65536, 4096, 511]), { fileSize, spill: new MemorySpill() });
    if (!scan) return;
    const size = scan.size ?? 0;
    disk = scan.size !== undefined && size <= COMPARED_SIZE ? new Uint8Array(size) : undefined;
    let count = 0;
    for await (const piece of scan.pieces()) {
      const end = piece.offset + piece.bytes.length;
      if (piece.offset < 0 || (scan.size !== undefined && end > size)) {
        throw new Error(`piece up to ${end}, the disk has ${size}`);
      }
      disk?.set(piece.bytes, piece.offset);
      if (++count < PIECE_LIMIT) continue;
      disk = undefined;
      return;
    }
    scan.conclude();
  });
  return code === undefined ? disk : undefined;
}

class MemorySpill implements Spill {
  readonly #parts: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  #length = 0;

  async put(bytes: Uint8Array): Promise<number | undefined> {
    if (this.#length + bytes.length > SPILL_LIMIT) return undefined;
    const at = this.#length;
    this.#parts.push({ at, bytes: bytes.slice() });
    this.#length += bytes.length;
    return at;
  }

  async get(at: number, into: Uint8Array): Promise<void> {
    for (const part of this.#parts) {
      const from = Math.max(at, part.at);
      const to = Math.min(at + into.length, part.at + part.bytes.length);
      if (from < to) into.set(part.bytes.subarray(from - part.at, to - part.at), from - at);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
