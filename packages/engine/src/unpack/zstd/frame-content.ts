import { constants, createZstdDecompress } from 'node:zlib';
import type { ByteStream } from '../../base/bytes.ts';
import { type Intake, truncated } from '../intake.ts';
import { ENGINE_CHUNK, throughEngine } from '../zlib-engine.ts';
import { FrameWalk } from './frame-walk.ts';

const WINDOW_LOG_LIMIT = 27;

interface Frame {
  /** Its first bytes, which were read already. */
  readonly magic: Uint8Array;
  /** Where it begins. */
  readonly at: number;
}

/** The content of one frame. Behind the last chunk the frame is verified, and `intake` stands at its end. */
export async function* frameContent(intake: Intake, frame: Frame): ByteStream {
  const engine = createZstdDecompress({
    chunkSize: ENGINE_CHUNK,
    params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG_LIMIT },
  });
  yield* throughEngine(engine, frameBytes(intake, frame), { what: 'the zstd frame', at: frame.at });
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
