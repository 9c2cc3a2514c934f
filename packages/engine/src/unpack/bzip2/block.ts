import { KiB } from '../../base/align.ts';
import { damaged } from '../intake.ts';
import type { BlockHeader } from './block-header.ts';
import { crc32Msb } from './crc.ts';
import { Randomiser } from './randomised.ts';

const OUTPUT_SIZE = 512 * KiB;
/** The longest run that one count byte writes. */
const LONGEST_RUN = 255;

/**
 * Undoes the Burrows-Wheeler transform and the outer run-length code of one block and checks its CRC.
 * The buffer that it yields is used again.
 *
 * @param sorted the bytes of the sorted block in the low 8 bits; the upper 24 are filled here with the links that
 *   lead from each byte to its successor, so that the block needs no second array.
 */
export class BlockContent {
  readonly #output = new Uint8Array(OUTPUT_SIZE + LONGEST_RUN);

  *chunks(sorted: Uint32Array, length: number, header: BlockHeader): Generator<Uint8Array> {
    if (header.origin >= length) throw damaged(`a bzip2 block of ${length} bytes begins at ${header.origin}`);
    link(sorted, length);
    const walk = new Walk(sorted, { length, first: header.origin });
    const random = header.randomised ? new Randomiser() : undefined;
    let crc = 0;
    while (walk.left > 0) {
      const chunk = this.#output.subarray(0, expand(walk, this.#output, random));
      crc = crc32Msb(chunk, crc);
      if (walk.left === 0 && crc !== header.crc) throw damaged('the CRC of a bzip2 block does not match');
      yield chunk;
    }
  }
}

/** Where in the block the bytes are followed, and how many equal bytes have just been met. */
class Walk {
  readonly sorted: Uint32Array;
  left: number;
  link: number;
  previous = -1;
  equal = 0;

  constructor(sorted: Uint32Array, block: { length: number; first: number }) {
    this.sorted = sorted;
    this.left = block.length;
    this.link = (sorted[block.first] as number) >>> 8;
  }
}

function link(sorted: Uint32Array, length: number): void {
  const counts = new Uint32Array(257);
  for (let at = 0; at < length; at++) counts[((sorted[at] as number) & 255) + 1]! += 1;
  for (let value = 0; value < 256; value++) counts[value + 1]! += counts[value] as number;
  for (let at = 0; at < length; at++) {
    const value = (sorted[at] as number) & 255;
    const place = counts[value] as number;
    counts[value] = place + 1;
    sorted[place] = (sorted[place] as number) | (at << 8);
  }
}

/** Fills `output` up to OUTPUT_SIZE, and by one run beyond it at most: four equal bytes are followed by a count of more. */
function expand(walk: Walk, output: Uint8Array, random: Randomiser | undefined): number {
  const sorted = walk.sorted;
  let { left, link, previous, equal } = walk;
  let at = 0;
  while (at < OUTPUT_SIZE && left > 0) {
    const entry = sorted[link] as number;
    const value = random === undefined ? entry & 255 : (entry & 255) ^ random.next();
    link = entry >>> 8;
    left -= 1;
    if (equal === 4) {
      output.fill(previous, at, at + value);
      at += value;
      equal = 0;
      previous = -1;
      continue;
    }
    equal = value === previous ? equal + 1 : 1;
    previous = value;
    output[at++] = value;
  }
  Object.assign(walk, { left, link, previous, equal });
  return at;
}
