import { EVEN, RangeDecoder } from './range-decoder.ts';
import type { Window } from './window.ts';

/** LZMA symbols (Igor Pavlov's LZMA specification). Places in the one array of probabilities: */
const IS_MATCH = 0;
const IS_REP = IS_MATCH + (12 << 4);
const IS_REP_0 = IS_REP + 12;
const IS_REP_1 = IS_REP_0 + 12;
const IS_REP_2 = IS_REP_1 + 12;
const IS_REP_0_LONG = IS_REP_2 + 12;
const DISTANCE_SLOT = IS_REP_0_LONG + (12 << 4);
const DISTANCE_SPECIAL = DISTANCE_SLOT + 4 * 64;
const DISTANCE_ALIGN = DISTANCE_SPECIAL + 128;
const MATCH_LENGTH = DISTANCE_ALIGN + 16;
const LENGTH_LOW = 2;
const LENGTH_MIDDLE = LENGTH_LOW + (16 << 3);
const LENGTH_HIGH = LENGTH_MIDDLE + (16 << 3);
const REP_LENGTH = MATCH_LENGTH + LENGTH_HIGH + 256;
const LITERAL = REP_LENGTH + LENGTH_HIGH + 256;

/** LZMA2 allows lc + lp up to 4: 16 sets of literal probabilities. */
const LITERAL_SETS = 16;
const SHORTEST_MATCH = 2;

export class LzmaDecoder {
  readonly #range = new RangeDecoder(new Uint16Array(LITERAL + 0x300 * LITERAL_SETS));
  readonly #window: Window;
  #contextBits = 0;
  #placeMask = 0;
  #positionMask = 0;
  #state = 0;
  #rep0 = 0;
  #rep1 = 0;
  #rep2 = 0;
  #rep3 = 0;
  /** Bytes since the dictionary was reset, modulo 16: the low bits choose probabilities. */
  #position = 0;

  constructor(window: Window) {
    this.#window = window;
  }

  /** Takes the properties byte of LZMA: (pb * 5 + lp) * 9 + lc. False where LZMA2 does not allow it. */
  setProperties(byte: number): boolean {
    const lc = byte % 9;
    const lp = Math.floor(byte / 9) % 5;
    const pb = Math.floor(byte / 45);
    if (pb > 4 || lc + lp > 4) return false;
    this.#contextBits = lc;
    this.#placeMask = (1 << lp) - 1;
    this.#positionMask = (1 << pb) - 1;
    return true;
  }

  resetState(): void {
    this.#range.probs.fill(EVEN);
    this.#state = 0;
    this.#rep0 = this.#rep1 = this.#rep2 = this.#rep3 = 0;
  }

  resetPosition(): void {
    this.#position = 0;
  }

  /** Counts bytes that a stored chunk has put into the window. */
  passed(length: number): void {
    this.#position = (this.#position + length) & 0xffff;
  }

  /**
   * Decodes a chunk that unpacks to `length` bytes, for which the window has room. False where the data are damaged:
   * a match reaches too far back or beyond the chunk, or the input is not used up exactly.
   */
  decode(packed: Uint8Array, length: number): boolean {
    const [range, window] = [this.#range, this.#window];
    if (!range.start(packed)) return false;
    const end = window.at + length;
    const shift = this.#position - window.at;
    while (window.at < end) {
      const place = (window.at + shift) & this.#positionMask;
      if (range.bit(IS_MATCH + (this.#state << 4) + place) === 0) {
        this.#literal((window.at + shift) & this.#placeMask);
      } else {
        const run = this.#match(place);
        if (this.#rep0 >= window.reach || run > end - window.at || this.#rep0 < 0) return false;
        window.repeat(this.#rep0 + 1, run);
      }
      if (range.overrun) return false;
    }
    this.#position = (this.#position + length) & 0xffff;
    return range.finished;
  }

  #literal(place: number): void {
    const window = this.#window;
    const before = window.reach > 0 ? (window.bytes[window.at - 1] as number) : 0;
    const set = (place << this.#contextBits) + (before >>> (8 - this.#contextBits));
    const base = LITERAL + 0x300 * set;
    if (this.#state < 7) {
      window.bytes[window.at] = this.#range.tree(base, 0x100);
    } else {
      const back = this.#rep0 < window.reach ? this.#rep0 + 1 : 0;
      window.bytes[window.at] = this.#range.matchedLiteral(
        base,
        back === 0 ? 0 : (window.bytes[window.at - back] as number),
      );
    }
    window.at += 1;
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  /** Sets rep0 to the distance less one and gives the length. */
  #match(place: number): number {
    const range = this.#range;
    const state = this.#state;
    if (range.bit(IS_REP + state) === 0) return this.#newMatch(place);
    if (range.bit(IS_REP_0 + state) === 0) {
      if (range.bit(IS_REP_0_LONG + (state << 4) + place) === 0) {
        this.#state = state < 7 ? 9 : 11;
        return 1;
      }
    } else {
      this.#rotate(range.bit(IS_REP_1 + state) === 0 ? 1 : 2 + range.bit(IS_REP_2 + state));
    }
    this.#state = state < 7 ? 8 : 11;
    return this.#length(REP_LENGTH, place);
  }

  #newMatch(place: number): number {
    this.#state = this.#state < 7 ? 7 : 10;
    const length = this.#length(MATCH_LENGTH, place);
    this.#rep3 = this.#rep2;
    this.#rep2 = this.#rep1;
    this.#rep1 = this.#rep0;
    this.#rep0 = this.#distance(Math.min(length - SHORTEST_MATCH, 3));
    return length;
  }

  #rotate(used: number): void {
    const distance = used === 1 ? this.#rep1 : used === 2 ? this.#rep2 : this.#rep3;
    if (used === 3) this.#rep3 = this.#rep2;
    if (used >= 2) this.#rep2 = this.#rep1;
    this.#rep1 = this.#rep0;
    this.#rep0 = distance;
  }

  #length(base: number, place: number): number {
    const range = this.#range;
    if (range.bit(base) === 0) return SHORTEST_MATCH + range.tree(base + LENGTH_LOW + (place << 3), 8) - 8;
    if (range.bit(base + 1) === 0) return SHORTEST_MATCH + 8 + range.tree(base + LENGTH_MIDDLE + (place << 3), 8) - 8;
    return SHORTEST_MATCH + 16 + range.tree(base + LENGTH_HIGH, 256) - 256;
  }

  /** A distance less one; negative where it has 32 bits and so is beyond any dictionary (or LZMA's end mark). */
  #distance(lengthClass: number): number {
    const range = this.#range;
    const slot = range.tree(DISTANCE_SLOT + (lengthClass << 6), 64) - 64;
    if (slot < 4) return slot;
    const bits = (slot >>> 1) - 1;
    const high = (2 | (slot & 1)) << bits;
    if (slot < 14) return high + range.reverseTree(DISTANCE_SPECIAL + high - slot, bits);
    return (high + (range.direct(bits - 4) << 4)) | range.reverseTree(DISTANCE_ALIGN, 4);
  }
}
