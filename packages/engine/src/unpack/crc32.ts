import { crc32 as crc32OfBytes } from 'node:zlib';
import { isZero } from '../base/zero.ts';

/**
 * CRC-32 as gzip and zip have it, and quick over zeros, which are most of many a disk: node:zlib takes 4 GB/s, finding
 * that all is zero 20. What is known of the zeros is put together by calculation.
 *
 * A CRC is a polynomial over GF(2) modulo P; bit 31 of a word is the coefficient of x^0. Behind n more bytes a CRC stands
 * multiplied by x^8n, and the CRC of those bytes is added.
 */
const P = 0xedb88320;
const ONE = 0x80000000;
const X = 0x40000000;
const SMALL = 4096;

interface Zeros {
  readonly length: number;
  /** x to the power of their bits. */
  readonly shift: number;
  readonly crc: number;
}

/** Chunks come in one length, mostly. */
let last: Zeros = { length: 0, shift: ONE, crc: 0 };

/** @param before the CRC of what stands before `bytes`, 0 of nothing */
export function crc32(bytes: Uint8Array, before = 0): number {
  if (bytes.length < SMALL || !isZero(bytes)) return crc32OfBytes(bytes, before);
  if (last.length !== bytes.length) {
    last = { length: bytes.length, shift: powerOfX(8 * bytes.length), crc: crc32OfBytes(bytes) };
  }
  return (product(last.shift, before) ^ last.crc) >>> 0;
}

function powerOfX(exponent: number): number {
  let result = ONE;
  let square = X;
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = product(result, square);
    square = product(square, square);
  }
  return result;
}

/** a times b modulo P: b times each power of x that a has. */
function product(a: number, b: number): number {
  let sum = 0;
  let shifted = b;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) sum ^= shifted;
    shifted = (shifted & 1) === 0 ? shifted >>> 1 : (shifted >>> 1) ^ P;
  }
  return sum >>> 0;
}
