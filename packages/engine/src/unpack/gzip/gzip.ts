import { crc32, createInflateRaw } from 'node:zlib';
import type { ByteStream } from '../../base/bytes.ts';
import { isZero } from '../../base/zero.ts';
import { damaged, Intake } from '../intake.ts';
import type { Compression, UnpackOptions } from '../package.ts';
import { ENGINE_CHUNK, throughEngine } from '../zlib-engine.ts';
import { hasGzipMagic, readGzipHeader, readGzipTrailer } from './header.ts';

/**
 * gzip (RFC 1952): any number of members, then nothing or zeros (tapes and block devices pad with them). The frame is
 * parsed here and only the deflate data go to the engine, so that another engine can take its place, and because
 * node's own gunzip passes over whatever follows the last member.
 */
export const gzip: Compression = { kind: 'compression', name: 'gzip', probe: hasGzipMagic, decode };

async function* decode(packed: ByteStream, options: UnpackOptions = {}): ByteStream {
  await using intake = new Intake(packed, options.signal);
  do {
    await readGzipHeader(intake);
    yield* memberContent(intake, options.signal);
  } while (await anotherMember(intake));
}

async function* memberContent(intake: Intake, signal: AbortSignal | undefined): ByteStream {
  const engine = createInflateRaw({ chunkSize: ENGINE_CHUNK });
  const start = intake.at;
  let [crc, size] = [0, 0];
  for await (const chunk of throughEngine(engine, () => intake.next(), { what: 'the gzip data', at: start })) {
    signal?.throwIfAborted();
    crc = crc32(chunk, crc);
    size += chunk.length;
    yield chunk;
  }
  intake.unread(intake.at - start - engine.bytesWritten);
  await checkTrailer(intake, { crc, size });
}

async function checkTrailer(intake: Intake, found: { crc: number; size: number }): Promise<void> {
  const at = intake.at;
  const told = await readGzipTrailer(intake);
  if (told.crc !== found.crc) throw damaged('the CRC-32 of the gzip content does not match', at);
  if (told.isize !== found.size % 2 ** 32) {
    throw damaged(`the gzip trailer tells ${told.isize} bytes modulo 4 GiB, the content has ${found.size}`, at + 4);
  }
}

async function anotherMember(intake: Intake): Promise<boolean> {
  const at = intake.at;
  const first = await intake.next();
  if (first === undefined) return false;
  if (first[0] === 0x1f) {
    intake.unread(first.length);
    return true;
  }
  for (let rest: Uint8Array | undefined = first; rest !== undefined; rest = await intake.next()) {
    if (!isZero(rest)) throw damaged('something that is neither gzip nor zeros follows the last gzip member', at);
  }
  return false;
}
