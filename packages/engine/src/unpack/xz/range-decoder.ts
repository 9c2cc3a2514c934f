/**
 * The range coder of LZMA (Igor Pavlov's LZMA specification, "Range Coder"). A decision is decoded with its
 * probability, 11 bits in `Uint16Array`, and the probability then moves a 32nd of the way.
 *
 * `range` and `code` are 32-bit words kept as signed integers, which V8 holds without boxing; they are compared as
 * unsigned. Bytes behind the input read as 0 and are found out by `finished`.
 */
export const EVEN = 1024;
const TOP = 1 << 24;

export class RangeDecoder {
  readonly probs: Uint16Array;
  #input: Uint8Array = new Uint8Array(0);
  #at = 0;
  #range = 0;
  #code = 0;

  constructor(probs: Uint16Array) {
    this.probs = probs;
  }

  /** Begins with the first 5 bytes of `input`. False where they cannot be the beginning. */
  start(input: Uint8Array): boolean {
    this.#input = input;
    this.#at = 5;
    this.#range = -1;
    this.#code = ((input[1] ?? 0) << 24) | ((input[2] ?? 0) << 16) | ((input[3] ?? 0) << 8) | (input[4] ?? 0);
    return input.length >= 5 && input[0] === 0;
  }

  /** Whether every byte of the input was used and the encoder's flush has come out as zero. */
  get finished(): boolean {
    return this.#at === this.#input.length && this.#code === 0;
  }

  /** Whether more bytes were asked for than there are. */
  get overrun(): boolean {
    return this.#at > this.#input.length;
  }

  bit(index: number): number {
    const probs = this.probs;
    const prob = probs[index] as number;
    const bound = Math.imul(this.#range >>> 11, prob);
    let decoded = 0;
    if (this.#code >>> 0 < bound >>> 0) {
      this.#range = bound;
      probs[index] = prob + ((2048 - prob) >>> 5);
    } else {
      this.#range = (this.#range - bound) | 0;
      this.#code = (this.#code - bound) | 0;
      probs[index] = prob - (prob >>> 5);
      decoded = 1;
    }
    if (this.#range >>> 0 < TOP) {
      this.#range <<= 8;
      this.#code = (this.#code << 8) | (this.#input[this.#at++] as number);
    }
    return decoded;
  }

  /** A tree of decisions from `base`, until the value reaches `limit` (a power of two); the leading 1 is kept. */
  tree(base: number, limit: number): number {
    const probs = this.probs;
    const input = this.#input;
    let [range, code, at] = [this.#range, this.#code, this.#at];
    let symbol = 1;
    while (symbol < limit) {
      const prob = probs[base + symbol] as number;
      const bound = Math.imul(range >>> 11, prob);
      if (code >>> 0 < bound >>> 0) {
        range = bound;
        probs[base + symbol] = prob + ((2048 - prob) >>> 5);
        symbol <<= 1;
      } else {
        range = (range - bound) | 0;
        code = (code - bound) | 0;
        probs[base + symbol] = prob - (prob >>> 5);
        symbol = (symbol << 1) | 1;
      }
      if (range >>> 0 < TOP) {
        range <<= 8;
        code = (code << 8) | (input[at++] as number);
      }
    }
    this.#range = range;
    this.#code = code;
    this.#at = at;
    return symbol;
  }

  /** A literal behind a match: as long as its bits are those of `matched`, it has probabilities of its own. */
  matchedLiteral(base: number, matched: number): number {
    let byte = matched << 1;
    let offset = 0x100;
    let symbol = 1;
    while (symbol < 0x100) {
      const matchBit = byte & offset;
      const decoded = this.bit(base + offset + matchBit + symbol);
      symbol = (symbol << 1) | decoded;
      offset &= decoded === 1 ? matchBit : ~matchBit;
      byte <<= 1;
    }
    return symbol & 0xff;
  }

  /** A tree whose bits come with the lowest first. */
  reverseTree(base: number, bits: number): number {
    let symbol = 1;
    let value = 0;
    for (let bit = 0; bit < bits; bit++) {
      const decoded = this.bit(base + symbol);
      symbol = (symbol << 1) | decoded;
      value |= decoded << bit;
    }
    return value;
  }

  /** Bits without a probability. */
  direct(bits: number): number {
    let value = 0;
    for (let left = bits; left > 0; left--) {
      this.#range >>>= 1;
      const below = this.#code >>> 0 < this.#range >>> 0;
      if (!below) this.#code = (this.#code - this.#range) | 0;
      value = (value << 1) | (below ? 0 : 1);
      if (this.#range >>> 0 < TOP) {
        this.#range <<= 8;
        this.#code = (this.#code << 8) | (this.#input[this.#at++] as number);
      }
    }
    return value;
  }
}
