import { u16le, u32le } from '../../../base/endian.ts';
import { hasText } from '../signature/content.ts';
import type { ExtInode } from './inode.ts';

const XATTR_MAGIC = 0xea02_0000;
const SYSTEM = 7;

/** The data of an inode that holds them itself: 60 bytes in place of the map, the rest in the attribute `system.data`. */
export function inlineData(inode: ExtInode): Uint8Array {
  const rest = systemData(inode.raw);
  const whole = new Uint8Array(inode.map.length + rest.length);
  whole.set(inode.map);
  whole.set(rest, inode.map.length);
  return whole.subarray(0, Math.min(whole.length, inode.size));
}

function systemData(raw: Uint8Array): Uint8Array {
  const none = new Uint8Array(0);
  if (raw.length <= 132) return none;
  const start = 128 + u16le(raw, 128);
  if (start + 4 > raw.length || u32le(raw, start) !== XATTR_MAGIC) return none;
  const first = start + 4;
  for (let at = first; at + 16 <= raw.length && u32le(raw, at) !== 0;) {
    const nameLength = raw[at] ?? 0;
    if (raw[at + 1] === SYSTEM && nameLength === 4 && hasText(raw, at + 16, 'data')) {
      const value = first + u16le(raw, at + 2);
      return raw.subarray(value, value + Math.min(u32le(raw, at + 8), raw.length));
    }
    at += 16 + Math.ceil(nameLength / 4) * 4;
  }
  return none;
}
