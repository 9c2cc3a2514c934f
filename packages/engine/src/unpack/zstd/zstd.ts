import { constants, createZstdDecompress } from 'node:zlib';
import type { ByteStream } from '../../base/bytes.ts';
import { u32le } from '../../base/endian.ts';
import { damaged, Intake, truncated } from '../intake.ts';
import type { Compression, UnpackOptions } from '../package.ts';
import { ENGINE_CHUNK, throughEngine } from '../zlib-engine.ts';
import { zstdContentSize } from './content-size.ts';
import { isFrame, isSkippable, MAGIC_LENGTH } from './frame.ts';
import { FrameWalk } from './frame-walk.ts';

const WINDOW_LOG_LIMIT = 27;

/** Zstandard (RFC 8878): frames and skippable frames one after another. A frame's checksum is verified where it has one. */
export const zstd: Compression = {
  kind: 'compression',
  name: 'zstd',
  probe: (head) => isFrame(head) || isSkippable(head),
  decode,
  contentSize: zstdContentSize,
};

async function* decode(packed: ByteStream, options: UnpackOptions = {}): ByteStream {
  await using intake = new Intake(packed, options.signal);
  do {
    const at = intake.at;
    const magic = new Uint8Array(await intake.exactly(MAGIC_LENGTH, 'the magic of a zstd frame'));
    if (isSkippable(magic)) await passSkippable(intake);
    else if (isFrame(magic)) yield* frameContent(intake, { magic, at, signal: options.signal });
    else throw damaged('something that is not zstd follows', at);
  } while (!(await intake.atEnd()));
}

async function passSkippable(intake: Intake): Promise<void> {
  const length = u32le(await intake.exactly(4, 'a skippable zstd frame'), 0);
  await intake.skip(length, 'a skippable zstd frame');
}

interface Frame {
  readonly magic: Uint8Array;
  readonly at: number;
  readonly signal: AbortSignal | undefined;
}

async function* frameContent(intake: Intake, frame: Frame): ByteStream {
  const engine = createZstdDecompress({
    chunkSize: ENGINE_CHUNK,
    params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG_LIMIT },
  });
  const next = frameBytes(intake, frame);
  for await (const chunk of throughEngine(engine, next, { what: 'the zstd frame', at: frame.at })) {
    frame.signal?.throwIfAborted();
    yield chunk;
  }
}

/** Hands out the bytes of one frame, and undefined behind its end. */
function frameBytes(intake: Intake, frame: Frame): () => Promise<Uint8Array | undefined> {
  const walk = new FrameWalk(frame.at);
  walk.take(frame.magic);
  let first: Uint8Array | undefined = frame.magic;
  return async () => {
    if (first !== undefined) {
      const magic = first;
      first = undefined;
      return magic;
    }
    if (walk.done) return undefined;
    const chunk = await intake.next();
    if (chunk === undefined) throw truncated('a zstd frame', intake.at);
    const belongs = walk.take(chunk);
    intake.unread(chunk.length - belongs);
    return chunk.subarray(0, belongs);
  };
}
