import { constants, crc32, deflateRawSync, zstdCompressSync } from 'node:zlib';
import { diskContent } from '../../packages/engine/testing/disk-content.ts';
import { seededBytes } from '../../packages/engine/testing/seeded.ts';
import { packWith } from '../../packages/engine/testing/unpack-conformance.ts';
import { makeZip } from '../../packages/engine/testing/zip-maker.ts';
import { masterBootRecord } from './sample-disk.ts';

const MiB = 1024 * 1024;
const PIECES = 32;

/** In turn a label that tells where it belongs and a body that is the same every time: packing that once is enough. */
const BODY = Buffer.concat([seededBytes(1, 6 * MiB), diskContent('text', 2 * MiB)]);
const LABELS = Array.from({ length: PIECES }, (_, turn) => labelOf(turn));

/** A disk of which a package is so long that its parts in front and behind 64 MiB matter. */
export const LONG_DISK = new Uint8Array(Buffer.concat(LABELS.flatMap((label) => [label, BODY])));

/** The disk as one package of each kind, in a form in which a copy can go on. */
export const LONG_PACKAGES: Readonly<Record<string, { readonly tool?: string; make(): Promise<Uint8Array> }>> = {
  'long.raw.gz': { make: async () => gzipped(await inPieces(deflated)) },
  'long.zip': {
    make: async () => makeZip([{ name: 'long.raw', content: LONG_DISK, method: 8, packed: await inPieces(deflated) }]),
  },
  'long.raw.zst': { make: () => inPieces(async (piece) => zstdCompressSync(piece)) },
  'long.raw.xz': { tool: 'xz', make: () => inPieces(packWith('xz', ['-0', '-T1', '--block-size=2MiB', '-c'])) },
};

function labelOf(turn: number): Uint8Array {
  const label = seededBytes(turn + 2, 70_000 - (70_000 % 512));
  if (turn === 0) label.set(masterBootRecord(PIECES * 8 * MiB), 0);
  return label;
}

async function inPieces(pack: (piece: Uint8Array, last: boolean) => Promise<Uint8Array>): Promise<Uint8Array> {
  const body = await pack(BODY, false);
  const pieces: Uint8Array[] = [];
  for (const label of LABELS) pieces.push(await pack(label, false), body);
  return new Uint8Array(Buffer.concat([...pieces, await pack(new Uint8Array(0), true)]));
}

/** One deflate stream: each piece ends at a byte and nothing behind it looks back. */
async function deflated(piece: Uint8Array, last: boolean): Promise<Uint8Array> {
  return deflateRawSync(piece, { level: 1, finishFlush: last ? constants.Z_FINISH : constants.Z_FULL_FLUSH });
}

/** One member (RFC 1952). */
function gzipped(packed: Uint8Array): Uint8Array {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(LONG_DISK), 0);
  trailer.writeUInt32LE(LONG_DISK.length, 4);
  return new Uint8Array(Buffer.concat([Buffer.from('1f8b08000000000000ff', 'hex'), packed, trailer]));
}
