import { KiB, MiB } from '../../base/align.ts';
import { u16le, u32le, u64le } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import { damaged } from '../intake.ts';

/** Zstandard frames (RFC 8878 section 3.1): where a frame ends is told by its block headers alone. */
const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
export const MAGIC_LENGTH = 4;
export const BLOCK_HEADER_LENGTH = 3;
const BLOCK_LIMIT = 128 * KiB;

/** What a decoder must keep of what it has written: `zstd --long=27` and no more. */
export const WINDOW_LIMIT = 128 * MiB;

export interface FrameHeader {
  readonly length: number;
  readonly windowSize: number;
  readonly contentSize: number | undefined;
  readonly checksum: boolean;
}

export interface BlockHeader {
  readonly last: boolean;
  /** Bytes that follow the block header. */
  readonly stored: number;
}

export function isFrame(head: Uint8Array): boolean {
  return head.length >= MAGIC_LENGTH && u32le(head, 0) === FRAME_MAGIC;
}

export function isSkippable(head: Uint8Array): boolean {
  return head.length >= MAGIC_LENGTH && (u32le(head, 0) & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC;
}

/** Length of a frame header, magic included, by its descriptor byte (the one behind the magic). */
export function frameHeaderLength(descriptor: number): number {
  const sizeBytes = contentSizeBytes(descriptor);
  return MAGIC_LENGTH + 1 + (isSingleSegment(descriptor) ? 0 : 1) + dictionaryIdBytes(descriptor) + sizeBytes;
}

/**
 * @param bytes of the length that `frameHeaderLength` gives; `at` is where the frame begins.
 * @throws DiskferryError `package-damaged`, `package-unsupported` (dictionary), `package-limit` (window)
 */
export function parseFrameHeader(bytes: Uint8Array, at: number): FrameHeader {
  const descriptor = bytes[MAGIC_LENGTH] ?? 0;
  if ((descriptor & 0b1000) !== 0) throw damaged('the reserved bit of a zstd frame header is set', at + MAGIC_LENGTH);
  const idBytes = dictionaryIdBytes(descriptor);
  const idAt = MAGIC_LENGTH + 1 + (isSingleSegment(descriptor) ? 0 : 1);
  if (bytes.subarray(idAt, idAt + idBytes).some((byte) => byte !== 0)) {
    throw new DiskferryError('package-unsupported', 'the zstd frame needs a dictionary', { offset: at + idAt });
  }
  const contentSize = contentSizeAt(bytes, idAt + idBytes, contentSizeBytes(descriptor));
  const windowSize = isSingleSegment(descriptor) ? Number(contentSize) : windowSizeOf(bytes[MAGIC_LENGTH + 1] ?? 0);
  if (windowSize > WINDOW_LIMIT) {
    throw new DiskferryError(
      'package-limit',
      `the zstd frame needs a window of ${windowSize} bytes; ${WINDOW_LIMIT} are allowed`,
      { offset: at },
    );
  }
  const exactSize =
    contentSize === undefined || contentSize > Number.MAX_SAFE_INTEGER ? undefined : Number(contentSize);
  return { length: bytes.length, windowSize, contentSize: exactSize, checksum: (descriptor & 0b100) !== 0 };
}

export function parseBlockHeader(bytes: Uint8Array, at: number): BlockHeader {
  const word = u16le(bytes, 0) | ((bytes[2] ?? 0) << 16);
  const size = word >>> 3;
  const type = (word >>> 1) & 3;
  if (type === 3) throw damaged('a zstd block has the reserved type 3', at);
  if (size > BLOCK_LIMIT && type !== 1) throw damaged(`a zstd block of ${size} bytes; ${BLOCK_LIMIT} are allowed`, at);
  return { last: (word & 1) !== 0, stored: type === 1 ? 1 : size };
}

const isSingleSegment = (descriptor: number): boolean => (descriptor & 0b10_0000) !== 0;

const dictionaryIdBytes = (descriptor: number): number => [0, 1, 2, 4][descriptor & 3] ?? 0;

function contentSizeBytes(descriptor: number): number {
  const flag = descriptor >>> 6;
  return flag === 0 ? (isSingleSegment(descriptor) ? 1 : 0) : 1 << flag;
}

function contentSizeAt(bytes: Uint8Array, at: number, length: number): bigint | undefined {
  if (length === 0) return undefined;
  if (length === 1) return BigInt(bytes[at] ?? 0);
  if (length === 2) return BigInt(u16le(bytes, at) + 256);
  return length === 4 ? BigInt(u32le(bytes, at)) : u64le(bytes, at);
}

function windowSizeOf(byte: number): number {
  const base = 2 ** (10 + (byte >>> 3));
  return base + (base / 8) * (byte & 7);
}
