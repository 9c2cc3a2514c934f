/**
 * Makes deflate streams (RFC 1951) bit by bit: also those that no compressor writes and those that are not allowed.
 *
 *     const maker = new DeflateMaker();
 *     maker.fixed([97, { length: 10, distance: 1 }], { final: true });
 *     maker.bytes();
 */

/** A literal, a match, or a symbol of one of the two codes with its extra bits as they are to be written. */
export type Token =
  | number
  | { readonly length: number; readonly distance: number }
  | { readonly litlen: number; readonly extra?: Extra }
  | { readonly dist: number; readonly extra?: Extra };

type Extra = readonly [value: number, bits: number];

/** A code length, or one of the repeats 16, 17, 18 with its extra bits. */
export type LengthElement = number | readonly [symbol: 16 | 17 | 18, extra: number];

export interface BlockEnd {
  readonly final?: boolean;
  /** Write the symbol for the end of the block (as is usual). */
  readonly end?: boolean;
}

export interface DynamicHead {
  /** Lengths of the codes by symbol; at least 257 and at least 1. */
  readonly litlen: readonly number[];
  readonly distance: readonly number[];
  /** Lengths of the code length code by symbol; left out: sixteen codes of 4 bits, no repeats. */
  readonly precode?: readonly number[];
  /** What to write in place of the lengths one by one. */
  readonly elements?: readonly LengthElement[];
  /** The counts as they are written in HLIT, HDIST, HCLEN, where they are not to tell the truth. */
  readonly counts?: { readonly litlen?: number; readonly distance?: number; readonly precode?: number };
}

const PRECODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const FLAT_PRECODE = [...Array<number>(16).fill(4), 0, 0, 0];
const REPEAT_BITS = { 16: 2, 17: 3, 18: 7 };
const END_OF_BLOCK = 256;

const FIXED_LITLEN = [
  ...Array<number>(144).fill(8),
  ...Array<number>(112).fill(9),
  ...Array<number>(24).fill(7),
  ...Array<number>(8).fill(8),
];
const FIXED_DISTANCE = Array<number>(32).fill(5);

export class DeflateMaker {
  readonly #bytes: number[] = [];
  #bit = 8;

  /** `count` bits of `value`, lowest first. */
  bits(value: number, count: number): this {
    for (let at = 0; at < count; at++) this.#put(Math.floor(value / 2 ** at) % 2);
    return this;
  }

  /** To the next whole byte, with zeros or with ones. */
  align(padding = 0): this {
    while (this.#bit < 8) this.#put(padding);
    return this;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  header(kind: number, { final = false }: BlockEnd = {}): this {
    return this.bits(final ? 1 : 0, 1).bits(kind, 2);
  }

  stored(content: Uint8Array, { final = false, complement }: BlockEnd & { complement?: number } = {}): this {
    this.header(0, { final }).align(1);
    this.bits(content.length, 16).bits(complement ?? 0xffff - content.length, 16);
    for (const byte of content) this.bits(byte, 8);
    return this;
  }

  fixed(tokens: readonly Token[], end: BlockEnd = {}): this {
    return this.header(1, end).#tokens(tokens, { litlen: FIXED_LITLEN, distance: FIXED_DISTANCE }, end);
  }

  dynamic(head: DynamicHead, tokens: readonly Token[], end: BlockEnd = {}): this {
    return this.header(2, end).#head(head).#tokens(tokens, head, end);
  }

  #head({ litlen, distance, precode = FLAT_PRECODE, elements, counts = {} }: DynamicHead): this {
    const precodes = counts.precode ?? 19;
    this.bits((counts.litlen ?? litlen.length) - 257, 5).bits((counts.distance ?? distance.length) - 1, 5);
    this.bits(precodes - 4, 4);
    for (const symbol of PRECODE_ORDER.slice(0, precodes)) this.bits(precode[symbol] ?? 0, 3);
    const codes = canonicalCodes(precode);
    for (const element of elements ?? [...litlen, ...distance]) {
      if (typeof element === 'number') this.#code(codes[element]);
      else this.#code(codes[element[0]]).bits(element[1], REPEAT_BITS[element[0]]);
    }
    return this;
  }

  #tokens(tokens: readonly Token[], lengths: Pick<DynamicHead, 'litlen' | 'distance'>, { end = true }: BlockEnd): this {
    const codes = { litlen: canonicalCodes(lengths.litlen), distance: canonicalCodes(lengths.distance) };
    for (const token of tokens) {
      if (typeof token === 'number') this.#code(codes.litlen[token]);
      else if ('litlen' in token) this.#code(codes.litlen[token.litlen]).#extra(token.extra);
      else if ('dist' in token) this.#code(codes.distance[token.dist]).#extra(token.extra);
      else {
        const [length, lengthExtra] = lengthSymbol(token.length);
        const [distance, distanceExtra] = distanceSymbol(token.distance);
        this.#code(codes.litlen[length]).#extra(lengthExtra).#code(codes.distance[distance]).#extra(distanceExtra);
      }
    }
    return end ? this.#code(codes.litlen[END_OF_BLOCK]) : this;
  }

  #extra([value, bits]: Extra = [0, 0]): this {
    return this.bits(value, bits);
  }

  /** Codes go highest bit first (RFC 1951 section 3.1.1). */
  #code(code: Code | undefined): this {
    if (!code) throw new Error('a symbol without a code');
    for (let at = code.length - 1; at >= 0; at--) this.#put((code.value >> at) & 1);
    return this;
  }

  #put(bit: number): void {
    if (this.#bit === 8) {
      this.#bytes.push(0);
      this.#bit = 0;
    }
    this.#bytes[this.#bytes.length - 1]! |= bit << this.#bit++;
  }
}

interface Code {
  readonly value: number;
  readonly length: number;
}

/** RFC 1951 section 3.2.2, also for lengths that are no code: values run over then, and so do their bits. */
function canonicalCodes(lengths: readonly number[]): (Code | undefined)[] {
  const codes: (Code | undefined)[] = lengths.map(() => undefined);
  let value = 0;
  for (let length = 1; length <= 15; length++) {
    for (const [symbol, own] of lengths.entries()) {
      if (own === length) codes[symbol] = { value: value++ & ((1 << length) - 1), length };
    }
    value <<= 1;
  }
  return codes;
}

/** RFC 1951 section 3.2.5. */
function lengthSymbol(length: number): [symbol: number, extra: Extra] {
  if (length === 258) return [285, [0, 0]];
  let base = 3;
  for (let symbol = 257; ; symbol++) {
    const bits = symbol < 265 ? 0 : Math.floor((symbol - 261) / 4);
    if (length < base + 2 ** bits) return [symbol, [length - base, bits]];
    base += 2 ** bits;
  }
}

function distanceSymbol(distance: number): [symbol: number, extra: Extra] {
  let base = 1;
  for (let symbol = 0; ; symbol++) {
    const bits = symbol < 4 ? 0 : Math.floor(symbol / 2) - 1;
    if (distance < base + 2 ** bits) return [symbol, [distance - base, bits]];
    base += 2 ** bits;
  }
}
