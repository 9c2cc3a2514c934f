import { u32be, u32le } from '../../base/endian.ts';
import type { Filter } from './filter.ts';
import { x86Filter } from './branch-x86.ts';

/**
 * Branch filters (xz-file-format section 5.3.2; the instruction patterns are those of the LZMA SDK's Bra.c): the
 * encoder has turned relative addresses of calls into absolute ones, which repeat more often.
 */
export interface BranchFilter {
  readonly name: string;
  /** What the start offset in the properties must be a multiple of. */
  readonly alignment: number;
  open(start: number): Filter;
}

/** Gives the word of the instruction at `place` as it was before the encoder, or itself. */
type Restore = (word: number, place: number) => number;

export const BRANCH_FILTERS: ReadonlyMap<number, BranchFilter> = new Map([
  [4, { name: 'x86', alignment: 1, open: x86Filter }],
  [5, wordFilter('PowerPC', restorePowerPc, 'big')],
  [7, wordFilter('ARM', restoreArm, 'little')],
  [8, { name: 'ARM Thumb', alignment: 2, open: thumbFilter }],
  [9, wordFilter('SPARC', restoreSparc, 'big')],
  [10, wordFilter('ARM64', restoreArm64, 'little')],
]);

function wordFilter(name: string, restore: Restore, order: 'big' | 'little'): BranchFilter {
  const read = order === 'big' ? u32be : u32le;
  const open = (start: number): Filter => {
    let place = start;
    return (buffer) => {
      const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
      const end = buffer.length & ~3;
      for (let at = 0; at < end; at += 4) view.setUint32(at, restore(read(buffer, at), place + at), order === 'little');
      place = (place + end) >>> 0;
      return end;
    };
  };
  return { name, alignment: 4, open };
}

function restorePowerPc(word: number, place: number): number {
  if ((word & 0xfc000003) !== 0x48000001) return word;
  return 0x48000001 | (((word & 0x03fffffc) - place) & 0x03fffffc);
}

function restoreArm(word: number, place: number): number {
  if (word >>> 24 !== 0xeb) return word;
  return 0xeb000000 | (((((word & 0xffffff) << 2) - (place + 8)) >>> 2) & 0xffffff);
}

function restoreSparc(word: number, place: number): number {
  const top = word >>> 22;
  if (top !== 0x100 && top !== 0x1ff) return word;
  const restored = ((word << 2) - place) >>> 2;
  return ((0x40000000 - (restored & 0x400000)) | 0x40000000 | (restored & 0x3fffff)) >>> 0;
}

/** BL holds 26 bits of words; ADRP 21 bits of pages, of which the filter touches only those within 512 MiB. */
function restoreArm64(word: number, place: number): number {
  if (word >>> 26 === 0x25) return 0x94000000 | ((word - (place >>> 2)) & 0x03ffffff);
  if ((word & 0x9f000000) >>> 0 !== 0x90000000) return word;
  const pages = ((word >>> 29) & 3) | ((word >>> 3) & 0x1ffffc);
  if (((pages + 0x20000) & 0x1c0000) !== 0) return word;
  const restored = pages - (place >>> 12);
  const sign = restored & 0x20000 ? 0x00e00000 : 0;
  return (word & 0x9000001f) | ((restored & 3) << 29) | ((restored & 0x3fffc) << 3) | sign;
}

/** BL is a pair of 16-bit words, the first with the upper 11 bits of the distance. */
function thumbFilter(start: number): Filter {
  let place = start;
  return (buffer) => {
    let at = 0;
    for (; at + 4 <= buffer.length; at += 2) {
      const [b0, b1, b2, b3] = buffer.subarray(at, at + 4) as unknown as [number, number, number, number];
      if ((b1 & 0xf8) !== 0xf0 || (b3 & 0xf8) !== 0xf8) continue;
      const absolute = (((b1 & 7) << 19) | (b0 << 11) | ((b3 & 7) << 8) | b2) << 1;
      const relative = (absolute - (place + at + 4)) >>> 1;
      buffer.set([relative >>> 11, 0xf0 | ((relative >>> 19) & 7), relative, 0xf8 | ((relative >>> 8) & 7)], at);
      at += 2;
    }
    place = (place + at) >>> 0;
    return at;
  };
}
