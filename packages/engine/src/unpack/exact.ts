import { damaged } from './intake.ts';

/** An untrusted 64-bit word of a package as a number. @throws DiskferryError `package-damaged` above 2^53 - 1 (8 PiB) */
export function exactWord(word: bigint, what: string, at: number): number {
  if (word > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(`${what} is ${word}, more than 8 PiB`, at);
  return Number(word);
}
