import { KiB } from '../../base/align.ts';
import type { ByteStream } from '../../base/bytes.ts';
import { damaged, Intake } from '../intake.ts';
import type { UnpackOptions } from '../package.ts';
import { BlockContent } from './block.ts';
import { readBlockHeader, readWord } from './block-header.ts';
import { PackedBits } from './packed-bits.ts';
import { levelOf } from './level.ts';
import { decodeSymbols } from './symbols.ts';

const BLOCK_MAGIC = 0x314159265359;
const END_MAGIC = 0x177245385090;
const LEVEL_UNIT = 100_000;
/** All that stands before the symbols of a block, with the longest ways to write it. */
const HEADER_ALLOWANCE = 128 * KiB;

export async function* decodeBzip2(packed: ByteStream, options: UnpackOptions = {}): ByteStream {
  await using intake = new Intake(packed, options.signal);
  const bits = new PackedBits(intake);
  do {
    yield* streamContent(bits, options.signal);
    await bits.fill(4);
  } while (!bits.atEnd);
}

async function* streamContent(bits: PackedBits, signal: AbortSignal | undefined): ByteStream {
  const blockSize = (await readLevel(bits)) * LEVEL_UNIT;
  // Every symbol stands for a byte at least and takes 20 bits at most: a longer block is not one.
  const longestBlock = (blockSize * 20) / 8 + HEADER_ALLOWANCE;
  const sorted = new Uint32Array(blockSize);
  const content = new BlockContent();
  let streamCrc = 0;
  for (;;) {
    await bits.fill(longestBlock);
    if (!readMagic(bits)) break;
    const header = readBlockHeader(bits);
    const length = decodeSymbols(bits, header, sorted);
    streamCrc = (((streamCrc << 1) | (streamCrc >>> 31)) ^ header.crc) >>> 0;
    for (const chunk of content.chunks(sorted, length, header)) {
      signal?.throwIfAborted();
      yield chunk;
    }
  }
  checkEnd(bits, streamCrc);
}

async function readLevel(bits: PackedBits): Promise<number> {
  await bits.fill(4);
  const at = bits.at;
  const level = levelOf(Uint8Array.from({ length: 4 }, () => bits.bits(8)));
  bits.checkWithin('a bzip2 header');
  if (level === undefined) throw damaged('something that is not bzip2 follows', at);
  return level;
}

/** Whether a block follows; false at the end of the stream. */
function readMagic(bits: PackedBits): boolean {
  const at = bits.at;
  const magic = bits.bits(24) * 2 ** 24 + bits.bits(24);
  bits.checkWithin('a bzip2 stream');
  if (magic !== BLOCK_MAGIC && magic !== END_MAGIC)
    throw damaged('neither a bzip2 block nor the end of the stream', at);
  return magic === BLOCK_MAGIC;
}

function checkEnd(bits: PackedBits, streamCrc: number): void {
  const told = readWord(bits);
  bits.checkWithin('the CRC of a bzip2 stream');
  if (told !== streamCrc) throw damaged('the CRC of the bzip2 stream does not match', bits.at);
  bits.alignToByte();
}
