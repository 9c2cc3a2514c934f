import type { ByteStream } from '../../base/bytes.ts';
import { isZero } from '../../base/zero.ts';
import { damaged, Intake, truncated } from '../intake.ts';
import type { Compression, UnpackOptions } from '../package.ts';
import { blockContent } from './block.ts';
import { openCheck } from './check.ts';
import { xzContentSize } from './content-size.ts';
import { BlockLedger, checkIndex } from './index-records.ts';
import {
  hasStreamMagic,
  parseStreamFooter,
  parseStreamHeader,
  STREAM_FOOTER_LENGTH,
  STREAM_HEADER_LENGTH,
} from './stream-frame.ts';

/**
 * xz (xz-file-format 1.1.0): streams one after another with padding between them. Container, checks, index, filters
 * and LZMA2 are all decoded here: the WASM module that npm offers takes one stream at a time in a whole process, hangs
 * on a cut file and knows neither delta nor ARM64.
 */
export const xz: Compression = {
  kind: 'compression',
  name: 'xz',
  probe: hasStreamMagic,
  decode,
  contentSize: xzContentSize,
};

async function* decode(packed: ByteStream, options: UnpackOptions = {}): ByteStream {
  await using intake = new Intake(packed, options.signal);
  let begun: Uint8Array | undefined = new Uint8Array(0);
  while (begun !== undefined) {
    for await (const chunk of streamContent(intake, begun)) {
      options.signal?.throwIfAborted();
      yield chunk;
    }
    begun = await passPadding(intake);
  }
}

/** `begun`: the bytes of the stream header that were read already. */
async function* streamContent(intake: Intake, begun: Uint8Array): ByteStream {
  const start = intake.at - begun.length;
  const checkId = parseStreamHeader(await readStreamHeader(intake, begun), start);
  const check = await openCheck(checkId);
  const met = new BlockLedger();
  for (;;) {
    const [first = 0] = await intake.exactly(1, 'an xz stream');
    if (first === 0) break;
    yield* blockContent(intake, { first, check, met });
  }
  const indexLength = await checkIndex(intake, met);
  const at = intake.at;
  const footer = parseStreamFooter(await intake.exactly(STREAM_FOOTER_LENGTH, 'an xz stream footer'), at);
  if (footer.check !== checkId) throw damaged('header and footer of an xz stream tell different checks', at);
  if (footer.indexLength === indexLength) return;
  throw damaged(`the xz footer tells an index of ${footer.indexLength} bytes; it has ${indexLength}`, at);
}

async function readStreamHeader(intake: Intake, begun: Uint8Array): Promise<Uint8Array> {
  const rest = await intake.exactly(STREAM_HEADER_LENGTH - begun.length, 'an xz stream header');
  return Buffer.concat([begun, rest]);
}

/** Passes over zeros, which come in fours; gives the first four bytes of the next stream where there is one. */
async function passPadding(intake: Intake): Promise<Uint8Array | undefined> {
  const start = intake.at;
  for (;;) {
    const four = await intake.upTo(4);
    if (four.length === 4 && !isZero(four)) return new Uint8Array(four);
    if (four.length === 0) return undefined;
    if (four.length < 4) throw strayBytes(four, start);
  }
}

function strayBytes(bytes: Uint8Array, start: number): Error {
  if (isZero(bytes)) return damaged('xz stream padding is not a multiple of 4 bytes', start);
  return truncated('an xz stream header', start);
}
