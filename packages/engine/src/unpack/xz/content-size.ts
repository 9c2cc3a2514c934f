import { crc32 } from 'node:zlib';
import { alignUp, MiB } from '../../base/align.ts';
import { readBytes, type Bytes } from '../../base/bytes.ts';
import { u32le } from '../../base/endian.ts';
import { isZero } from '../../base/zero.ts';
import { damaged } from '../intake.ts';
import { parseStreamFooter, STREAM_FOOTER_LENGTH, STREAM_HEADER_LENGTH } from './stream-frame.ts';
import { readVli, type Cursor } from './vli.ts';

/** The index of 1 TiB in blocks of 1 MiB takes about 8 MiB. */
const INDEX_LIMIT = 16 * MiB;
const STREAM_LIMIT = 4096;

interface Stream {
  readonly start: number;
  readonly content: number;
}

/**
 * The sum of what the indexes tell, from the last footer backwards; undefined where there are more streams or longer
 * indexes than are worth reading beforehand. The indexes themselves are proven when the package is decoded.
 * @throws DiskferryError `package-damaged`, `package-unsupported`
 */
export async function xzContentSize(packed: Bytes, signal?: AbortSignal): Promise<number | undefined> {
  let total = 0;
  let end = packed.size;
  for (let streams = 0; streams < STREAM_LIMIT; streams++) {
    end = await withoutPadding(packed, end, signal);
    if (end === 0) return total;
    const stream = await lastStream(packed, end, signal);
    if (stream === undefined) return undefined;
    total += stream.content;
    end = stream.start;
  }
  return undefined;
}

async function withoutPadding(packed: Bytes, before: number, signal: AbortSignal | undefined): Promise<number> {
  const step = 4096;
  for (let end = before; end > 0;) {
    const length = Math.min(step, end);
    const bytes = await readBytes(packed, { offset: end - length, length }, signal);
    let kept = bytes.length;
    while (kept >= 4 && isZero(bytes.subarray(kept - 4, kept))) kept -= 4;
    end -= length - kept;
    if (kept > 0) return end;
  }
  return 0;
}

async function lastStream(packed: Bytes, end: number, signal: AbortSignal | undefined): Promise<Stream | undefined> {
  const footerAt = end - STREAM_FOOTER_LENGTH;
  if (footerAt < STREAM_HEADER_LENGTH) throw damaged('too few bytes for an xz stream', 0);
  const footer = parseStreamFooter(
    await readBytes(packed, { offset: footerAt, length: end - footerAt }, signal),
    footerAt,
  );
  const indexAt = footerAt - footer.indexLength;
  if (indexAt < STREAM_HEADER_LENGTH)
    throw damaged('the xz footer tells an index that begins before its stream', footerAt);
  if (footer.indexLength > INDEX_LIMIT) return undefined;
  const index = await readBytes(packed, { offset: indexAt, length: footer.indexLength }, signal);
  const { blocks, content } = sumRecords(index, indexAt);
  const start = indexAt - blocks - STREAM_HEADER_LENGTH;
  if (start < 0) throw damaged('the xz index tells more than there is', indexAt);
  return { start, content };
}

/** The room that the blocks take, and the bytes of their content. */
function sumRecords(index: Uint8Array, at: number): { blocks: number; content: number } {
  const end = index.length - 4;
  if (index[0] !== 0 || crc32(index.subarray(0, end)) !== u32le(index, end))
    throw damaged('the xz index is damaged', at);
  const cursor: Cursor = { bytes: index.subarray(0, end), at: 1, start: at };
  let [blocks, content] = [0, 0];
  for (let left = readVli(cursor, 'the number of records in an xz index'); left > 0; left--) {
    blocks += alignUp(readVli(cursor, 'an xz index record'), 4);
    content += readVli(cursor, 'an xz index record');
  }
  if (!Number.isSafeInteger(blocks) || !Number.isSafeInteger(content))
    throw damaged('the xz index tells more than 8 PiB', at);
  return { blocks, content };
}
