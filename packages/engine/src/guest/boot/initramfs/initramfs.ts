import { MiB } from '../../../base/align.ts';
import type { Bytes, ByteStream } from '../../../base/bytes.ts';
import { DiskferryError } from '../../../base/errors.ts';
import { COMPRESSIONS } from '../../../unpack/packages.ts';
import type { Budget } from '../../cache/budget.ts';
import { damaged, overLimit, unsupported } from '../../fault.ts';
import { cpioNames, isCpio } from './cpio.ts';
import { BytesCursor, StreamCursor } from './cursor.ts';
import { decodeLegacyLz4, isLegacyLz4 } from './lz4.ts';

const STEP = 2 * MiB;
const ARCHIVE_LIMIT = 16;

/**
 * The names of all files in an initramfs: any number of plain archives (microcode, firmware, modules), then a packed one.
 * Plain archives are hopped through; a packed one is unpacked, never more than the budget allows.
 * @throws GuestFault
 */
export async function* initramfsNames(file: Bytes, budget: Budget): AsyncGenerator<string> {
  let at = 0;
  for (let count = 0; count < ARCHIVE_LIMIT; count++) {
    at = await behindZeros(file, at);
    if (at >= file.size) return;
    const head = new Uint8Array(Math.min(512, file.size - at));
    await file.read(at, head);
    if (!isCpio(head)) {
      yield* packedNames(file, at, head, budget);
      return;
    }
    const cursor = new BytesCursor(file, at);
    yield* cpioNames(cursor);
    at = cursor.at;
  }
  throw overLimit(`an initramfs of more than ${ARCHIVE_LIMIT} archives`);
}

async function behindZeros(file: Bytes, start: number): Promise<number> {
  for (let at = start; at < file.size;) {
    const piece = new Uint8Array(Math.min(4096, file.size - at));
    await file.read(at, piece);
    const first = piece.findIndex((byte) => byte !== 0);
    if (first >= 0) return at + first;
    at += piece.length;
  }
  return file.size;
}

async function* packedNames(file: Bytes, at: number, head: Uint8Array, budget: Budget): AsyncGenerator<string> {
  if (file.size - at > budget.bytesLeft) {
    throw overLimit(`too much to read: the initramfs has ${file.size} bytes, ${budget.bytesLeft} may still be read`);
  }
  await using cursor = new StreamCursor(decoded(chunksOf(file, at), head), budget);
  try {
    yield* cpioNames(cursor);
  } catch (error) {
    if (error instanceof DiskferryError && error.code.startsWith('package-')) throw damaged(error.message);
    throw error;
  }
}

function decoded(packed: ByteStream, head: Uint8Array): ByteStream {
  if (isLegacyLz4(head)) return decodeLegacyLz4(packed);
  const compression = COMPRESSIONS.find((kind) => kind.probe(head));
  if (!compression) throw unsupported('the initramfs is packed in an unknown way');
  return compression.decode(packed);
}

async function* chunksOf(file: Bytes, start: number): ByteStream {
  for (let at = start; at < file.size; at += STEP) {
    const chunk = new Uint8Array(Math.min(STEP, file.size - at));
    await file.read(at, chunk);
    yield chunk;
  }
}
