import { MiB } from '../../base/align.ts';
import { readBytes, type Bytes } from '../../base/bytes.ts';
import { u32le } from '../../base/endian.ts';
import { isFrame, isSkippable } from './frame.ts';
import { FrameWalk } from './frame-walk.ts';
import { frameHeaderLength, MAGIC_LENGTH, parseFrameHeader } from './frame.ts';

/** A frame's end is found only by walking its blocks, so nothing is told about packages larger than this. */
const WALK_LIMIT = 16 * MiB;
const LONGEST_HEADER = 18;

/**
 * The sum of what the frames tell, where each tells it and the package is small enough to be walked; else undefined.
 * What is cut off is undefined as well; decoding reports it.
 * @throws DiskferryError `package-damaged`, `package-unsupported`, `package-limit`
 */
export async function zstdContentSize(packed: Bytes, signal?: AbortSignal): Promise<number | undefined> {
  if (packed.size > WALK_LIMIT) return undefined;
  const whole = await readBytes(packed, { offset: 0, length: packed.size }, signal);
  let total = 0;
  for (let at = 0; at < whole.length;) {
    const frame = sizeUp(whole.subarray(at));
    if (frame === undefined) return undefined;
    total += frame.content;
    at += frame.length;
    if (at > whole.length) return undefined;
  }
  return total;
}

/**
 * What the first frame tells about its content: of the whole package where it is the only frame, which is what the
 * zstd command makes of a file. A hint, no more.
 */
export async function firstFrameSize(packed: Bytes, signal?: AbortSignal): Promise<number | undefined> {
  const head = await readBytes(packed, { offset: 0, length: Math.min(LONGEST_HEADER, packed.size) }, signal);
  return isFrame(head) ? contentTold(head) : undefined;
}

function sizeUp(rest: Uint8Array): { content: number; length: number } | undefined {
  if (isSkippable(rest) && rest.length >= 8) return { content: 0, length: 8 + u32le(rest, 4) };
  if (!isFrame(rest)) return undefined;
  const content = contentTold(rest.subarray(0, LONGEST_HEADER));
  if (content === undefined) return undefined;
  const walk = new FrameWalk(0);
  const length = walk.take(rest);
  return walk.done ? { content, length } : undefined;
}

function contentTold(head: Uint8Array): number | undefined {
  const length = frameHeaderLength(head[MAGIC_LENGTH] ?? 0);
  return length > head.length ? undefined : parseFrameHeader(head.subarray(0, length), 0).contentSize;
}
