import { alignUp } from '../../base/align.ts';
import type { ByteStream } from '../../base/bytes.ts';
import { isZero } from '../../base/zero.ts';
import { damaged, type Intake } from '../intake.ts';
import { blockHeaderLength, parseBlockHeader, type BlockHeader } from './block-header.ts';
import type { BlockLedger } from './block-ledger.ts';
import type { Check } from './check.ts';
import { filtered, openFilter } from './filter-chain.ts';
import { HeldChunk } from './held-chunk.ts';
import { lzma2Content } from './lzma2.ts';

interface Around {
  /** The first byte of the block's header, which was read already. */
  readonly first: number;
  readonly check: Check;
  readonly met: BlockLedger;
}

/**
 * Decodes a block (xz-file-format section 3), checks everything that it tells of itself, and enters it in `met`: all that
 * before the last chunk is given, so that whoever has that chunk stands at the end of a block.
 */
export async function* blockContent(intake: Intake, around: Around): ByteStream {
  const start = intake.at - 1;
  const header = await readHeader(intake, around.first);
  const check = around.check;
  check.begin();
  const packedStart = intake.at;
  const held = new HeldChunk();
  let size = 0;
  for await (const chunk of unfiltered(lzma2Content(intake, header.dictionary), header, start)) {
    size += chunk.length;
    if (header.contentSize !== undefined && size > header.contentSize) throw sizeDiffers('content', intake.at);
    check.update(chunk);
    if (held.bytes.length > 0) yield held.bytes;
    held.hold(chunk);
  }
  if (header.contentSize !== undefined && size !== header.contentSize) throw sizeDiffers('content', intake.at);
  const packed = intake.at - packedStart;
  if (header.packedSize !== undefined && packed !== header.packedSize) throw sizeDiffers('packed data', intake.at);
  const padding = await intake.exactly(alignUp(packed, 4) - packed, 'the padding of an xz block');
  if (!isZero(padding)) throw damaged('the padding of an xz block is not zero', intake.at);
  const field = await intake.exactly(check.length, 'the check of an xz block');
  if (Buffer.compare(field, check.field()) !== 0) throw damaged('the check of an xz block does not match', intake.at);
  around.met.add({ unpadded: header.length + packed + check.length, content: size });
  if (size > 0) yield held.bytes;
}

async function readHeader(intake: Intake, first: number): Promise<BlockHeader> {
  const at = intake.at - 1;
  const bytes = new Uint8Array(blockHeaderLength(first));
  bytes[0] = first;
  bytes.set(await intake.exactly(bytes.length - 1, 'an xz block header'), 1);
  return parseBlockHeader(bytes, at);
}

function unfiltered(stream: ByteStream, header: BlockHeader, at: number): ByteStream {
  const filters = header.filters.map((flags) => openFilter(flags, at));
  return filters.reduceRight((inner, filter) => filtered(inner, filter), stream);
}

function sizeDiffers(what: string, at: number): Error {
  return damaged(`the ${what} of an xz block is not of the size that its header tells`, at);
}
