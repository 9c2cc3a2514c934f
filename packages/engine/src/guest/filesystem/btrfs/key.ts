import { u64le } from '../../../base/endian.ts';

/** What everything in a tree is sorted by. Its numbers are 64 bits wide, and some count from the end. */
export interface Key {
  readonly object: bigint;
  readonly type: number;
  readonly offset: bigint;
}

export const KEY_LENGTH = 17;
const LAST = 2n ** 64n - 1n;

/** Types of items that are looked for. */
export const ITEM = {
  inode: 1,
  directory: 84,
  directoryIndex: 96,
  extent: 108,
  root: 132,
  rootReference: 156,
  chunk: 228,
} as const;

export function keyAt(bytes: Uint8Array, at: number): Key {
  return { object: u64le(bytes, at), type: bytes[at + 8] ?? 0, offset: u64le(bytes, at + 9) };
}

export function compareKeys(a: Key, b: Key): number {
  if (a.object !== b.object) return a.object < b.object ? -1 : 1;
  if (a.type !== b.type) return a.type - b.type;
  if (a.offset === b.offset) return 0;
  return a.offset < b.offset ? -1 : 1;
}

/** All items of one type that an object has, from an offset on. */
export function itemsOf(object: bigint, type: number, from = 0n): readonly [from: Key, to: Key] {
  return [
    { object, type, offset: from },
    { object, type, offset: LAST },
  ];
}
