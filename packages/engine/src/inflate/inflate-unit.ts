import { MiB } from '../base/align.ts';
import { copyInto } from '../base/copy-into.ts';
import { type Decoder, grown, startDecoder } from './decoder.ts';
import { nodeUnit } from './node-unit.ts';
import { FINISHED, InflateError, NEEDS_INPUT, NEEDS_OUTPUT, refusalOf, truncated } from './refusal.ts';

/**
 * Whole units (clusters, grains) at once. Their exact size is known beforehand, what follows the end mark is padding.
 *
 * `into`, where given, gets the content and is returned, cut to size; its bytes are undefined after a refusal.
 */

/** Packed and unpacked together. Units of formats are up to 2 MiB; larger ones go to node:zlib, and the memory stays small. */
const LARGEST = 32 * MiB;

/** The thread's own; its memory keeps the size of the largest unit so far. */
let ours: Decoder | undefined;
let memory = new Uint8Array(0);

/** Raw deflate (RFC 1951). @throws InflateError */
export function inflateUnit(packed: Uint8Array, unpacked: number, into?: Uint8Array): Uint8Array {
  const place = placed(packed, unpacked);
  if (!place) return nodeUnit('deflate', packed, unpacked, into);
  decode(place, unpacked);
  return handedOver(place, unpacked, into);
}

/** Deflate within a zlib frame, its Adler-32 checked (RFC 1950). @throws InflateError */
export function inflateZlibUnit(packed: Uint8Array, unpacked: number, into?: Uint8Array): Uint8Array {
  checkZlibHeader(packed);
  const place = placed(packed.subarray(ZLIB_HEADER), unpacked);
  if (!place) return nodeUnit('zlib', packed, unpacked, into);
  const end = ZLIB_HEADER + decode(place, unpacked);
  if (end + 4 > packed.length) throw truncated();
  const told = new DataView(packed.buffer, packed.byteOffset + end, 4).getUint32(0);
  const found = place.decoder.adler32(place.output, place.output + unpacked) >>> 0;
  if (told !== found) throw new InflateError('checksum', `Adler-32 is ${hex(found)}, ${hex(told)} is told`);
  return handedOver(place, unpacked, into);
}

interface Place {
  readonly decoder: Decoder;
  readonly input: number;
  readonly inputEnd: number;
  readonly output: number;
}

/** Puts the packed bytes into the decoder's memory, the place for the content behind them. */
function placed(packed: Uint8Array, unpacked: number): Place | undefined {
  ours ??= startDecoder();
  if (!ours || packed.length + unpacked > LARGEST) return undefined;
  const input = ours.hostAt.value;
  const inputEnd = input + packed.length;
  const output = (inputEnd + 15) & ~15;
  if (!grown(ours, output + unpacked)) return undefined;
  if (memory.buffer !== ours.memory.buffer) memory = new Uint8Array(ours.memory.buffer);
  copyInto(memory, input, packed);
  return { decoder: ours, input, inputEnd, output };
}

/** Gives how many packed bytes were used. */
function decode({ decoder, input, inputEnd, output }: Place, unpacked: number): number {
  decoder.reset();
  const status = decoder.run(input, inputEnd, output, output, output + unpacked);
  if (status === NEEDS_INPUT) throw truncated();
  if (status === NEEDS_OUTPUT) throw new InflateError('too-long', `the content is longer than ${unpacked} bytes`);
  if (status !== FINISHED) throw refusalOf(status);
  const found = decoder.outputPlace() - output;
  if (found !== unpacked) throw new InflateError('too-short', `the content is ${found} bytes instead of ${unpacked}`);
  return decoder.inputPlace() - input;
}

function handedOver({ output }: Place, unpacked: number, into: Uint8Array | undefined): Uint8Array {
  const content = memory.subarray(output, output + unpacked);
  if (!into) return content.slice();
  copyInto(into, 0, content);
  return into.subarray(0, unpacked);
}

const ZLIB_HEADER = 2;
const DEFLATE = 8;
const LARGEST_WINDOW = 7;
const DICTIONARY = 0x20;

/** RFC 1950 section 2.2. */
function checkZlibHeader(packed: Uint8Array): void {
  const [method, flags] = packed;
  if (method === undefined || flags === undefined) throw truncated();
  if ((method * 256 + flags) % 31 !== 0)
    throw new InflateError('header', 'the check of the zlib header does not match');
  if ((method & 15) !== DEFLATE) throw new InflateError('header', `zlib method ${method & 15}; 8 (deflate) is known`);
  if (method >> 4 > LARGEST_WINDOW)
    throw new InflateError('header', `zlib window 2^${(method >> 4) + 8}; 2^15 is allowed`);
  if (flags & DICTIONARY) throw new InflateError('dictionary', 'the zlib data need a dictionary');
}

function hex(sum: number): string {
  return sum.toString(16).padStart(8, '0');
}
