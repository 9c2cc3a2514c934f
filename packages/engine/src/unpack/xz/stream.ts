import { isZero } from '../../base/zero.ts';
import { damaged, type Intake, truncated } from '../intake.ts';
import { unusableMark } from '../sealed-mark.ts';
import { BlockLedger } from './block-ledger.ts';
import { openCheck, type Check } from './check.ts';
import { checkIndex } from './index-records.ts';
import {
  isCheckId,
  parseStreamFooter,
  parseStreamHeader,
  STREAM_FOOTER_LENGTH,
  STREAM_HEADER_LENGTH,
  type CheckId,
} from './stream-frame.ts';

/** Behind a block header of 8 bytes come an end mark and its padding, and nothing where there is no check. */
const SMALLEST_BLOCK = 12;

/** An xz stream between its header and its index: what blocks need, and what the index is compared with. */
export interface XzStream {
  readonly checkId: CheckId;
  readonly check: Check;
  readonly met: BlockLedger;
}

/** `begun`: the bytes of the stream header that were read already. */
export async function openStream(intake: Intake, begun = new Uint8Array(0)): Promise<XzStream> {
  const start = intake.at - begun.length;
  const rest = await intake.exactly(STREAM_HEADER_LENGTH - begun.length, 'an xz stream header');
  const checkId = parseStreamHeader(Buffer.concat([begun, rest]), start);
  return { checkId, check: await openCheck(checkId), met: new BlockLedger() };
}

/** Reads the index and the footer, `intake` being behind the index indicator, and holds them against the blocks. */
export async function closeStream(intake: Intake, { checkId, met }: XzStream): Promise<void> {
  const indexLength = await checkIndex(intake, met);
  const at = intake.at;
  const footer = parseStreamFooter(await intake.exactly(STREAM_FOOTER_LENGTH, 'an xz stream footer'), at);
  if (footer.check !== checkId) throw damaged('header and footer of an xz stream tell different checks', at);
  if (footer.indexLength === indexLength) return;
  throw damaged(`the xz footer tells an index of ${footer.indexLength} bytes; it has ${indexLength}`, at);
}

/** Passes over zeros, which come in fours, and opens the next stream where there is one. */
export async function nextStream(intake: Intake): Promise<XzStream | undefined> {
  const start = intake.at;
  for (;;) {
    const four = await intake.upTo(4);
    if (four.length === 4 && !isZero(four)) return openStream(intake, new Uint8Array(four));
    if (four.length === 0) return undefined;
    if (four.length < 4) throw strayBytes(four, start);
  }
}

export function saveStream({ checkId, met }: XzStream): Uint8Array {
  return Buffer.concat([Uint8Array.of(checkId), met.save()]);
}

/** @param at where the stream was saved: at the end of a block. @throws DiskferryError `checkpoint-damaged` */
export async function restoreStream(saved: Uint8Array, at: number): Promise<XzStream> {
  const [checkId = -1] = saved;
  if (!isCheckId(checkId)) throw unusableMark(`is in an xz stream with the check ${checkId}`);
  const met = BlockLedger.restore(saved.subarray(1));
  // Everything in an xz file is a multiple of 4 bytes: headers, blocks, indexes and what lies between streams.
  if (at % 4 !== 0 || met.count < 1 || STREAM_HEADER_LENGTH + met.count * SMALLEST_BLOCK > at) {
    throw unusableMark(`is at ${at}, which cannot be the end of ${met.count} xz blocks`);
  }
  return { checkId, check: await openCheck(checkId), met };
}

function strayBytes(bytes: Uint8Array, start: number): Error {
  if (isZero(bytes)) return damaged('xz stream padding is not a multiple of 4 bytes', start);
  return truncated('an xz stream header', start);
}
