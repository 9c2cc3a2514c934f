import { crc32 } from 'node:zlib';
import { u32le } from '../base/endian.ts';
import { DiskferryError } from '../base/errors.ts';
import type { Mark } from './package.ts';

/**
 * The state of a mark as it is kept: what the decoder needs, behind a seal that binds it to its decoder and to both
 * places of the mark. A checkpoint in which one of them was changed is refused before anything is read.
 *
 *     0  4  which decoder, and which form of its state
 *     4  4  CRC-32 of all the rest and of the two offsets
 *     8     the decoder's own
 */
const HEAD = 8;
const TAG_LENGTH = 4;

export type Place = Omit<Mark, 'state'>;

/** @param tag four letters; another one wherever the form changes */
export function sealedMark(tag: string, place: Place, own: Uint8Array): Mark {
  const head = Buffer.alloc(HEAD);
  head.write(tag, 'latin1');
  head.writeUInt32LE(sealOf(tag, place, own), TAG_LENGTH);
  return { ...place, state: Buffer.concat([head, own]) };
}

/** The decoder's own part of the state. @throws DiskferryError `checkpoint-damaged` */
export function unsealedMark(tag: string, mark: Mark): Uint8Array {
  const { state, packedOffset, contentOffset } = mark;
  const found = Buffer.from(state.subarray(0, TAG_LENGTH)).toString('latin1');
  if (state.length < HEAD || found !== tag) throw unusableMark(`is not of the kind ${tag}`);
  if (![packedOffset, contentOffset].every(isOffset)) throw unusableMark(`is at ${packedOffset} and ${contentOffset}`);
  const own = state.subarray(HEAD);
  if (u32le(state, TAG_LENGTH) !== sealOf(tag, mark, own)) throw unusableMark('was changed');
  return own;
}

export function unusableMark(why: string, cause?: unknown): DiskferryError {
  return new DiskferryError('checkpoint-damaged', `the place in the package to go on from ${why}`, { cause });
}

function sealOf(tag: string, { packedOffset, contentOffset }: Place, own: Uint8Array): number {
  return crc32(own, crc32(`${tag} ${packedOffset} ${contentOffset} `));
}

function isOffset(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
