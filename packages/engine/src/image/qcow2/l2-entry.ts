import { alignDown, SECTOR } from '../../base/align.ts';
import { DiskferryError } from '../../base/errors.ts';
import type { Layout } from './layout.ts';

/**
 * One entry of an L2 table: what becomes of one cluster of the disk ("Cluster mapping" and "Extended L2 Entries").
 * `host` is an offset in the file. `mixed` has a state for each 32nd of the cluster: bit n of `allocated` and `zeros`.
 */
export type L2Entry =
  | { readonly kind: 'hole' }
  | { readonly kind: 'zero' }
  | { readonly kind: 'data'; readonly host: number }
  | { readonly kind: 'packed'; readonly host: number; readonly length: number }
  | { readonly kind: 'mixed'; readonly host: number; readonly allocated: number; readonly zeros: number };

const HOLE: L2Entry = { kind: 'hole' };
const ZERO: L2Entry = { kind: 'zero' };
const ALL = 0xffffffff;

/**
 * The word is taken in two halves, because BigInt costs many times as much over millions of entries. That is exact:
 * host offsets are multiples of 512 below 2^56, and packed offsets are masked to 56 bits; those from 2^53 on lie behind
 * the end of any file, so it is enough that they stay that large.
 * @param at place of the entry in the table; `tableOffset` + `at` is named in errors
 */
export function l2Entry(table: DataView, at: number, layout: Layout, tableOffset: number): L2Entry {
  const high = table.getUint32(at);
  const low = table.getUint32(at + 4);
  if (high === 0 && low === 0 && !layout.extended) return HOLE;
  const fault = (message: string) => damaged(message, tableOffset + at);
  if ((high & 0x40000000) !== 0) return packedEntry(table, at, layout, fault);
  if ((high & 0x3f000000) !== 0 || (low & 0x1fe) !== 0) throw fault('reserved bits are set in an L2 entry');
  const host = (high & 0xffffff) * 2 ** 32 + ((low & ~0x1ff) >>> 0);
  if (host % layout.clusterSize !== 0) throw fault(`cluster offset ${host} is not aligned to ${layout.clusterSize}`);
  if (host === 0 && high >>> 31 === 1) throw fault('a cluster is said to be stored at offset 0');
  if (layout.extended) return extendedEntry(table, at, { host, flagged: (low & 1) === 1 }, fault);
  if ((low & 1) === 1) {
    if (layout.version === 2) throw fault('a zero cluster in a version 2 image');
    return ZERO;
  }
  return host === 0 ? HOLE : { kind: 'data', host };
}

type Fault = (message: string) => DiskferryError;

function extendedEntry(table: DataView, at: number, word: { host: number; flagged: boolean }, fault: Fault): L2Entry {
  const { host } = word;
  const zeros = table.getUint32(at + 8);
  const allocated = table.getUint32(at + 12);
  if (word.flagged) throw fault('the zero bit is set in an extended L2 entry');
  if ((zeros & allocated) !== 0) throw fault('a subcluster is both stored and zero');
  if (allocated !== 0 && host === 0) throw fault('subclusters are said to be stored at offset 0');
  if (allocated === ALL) return { kind: 'data', host };
  if (zeros === ALL) return ZERO;
  return zeros === 0 && allocated === 0 ? HOLE : { kind: 'mixed', host, allocated, zeros };
}

/** "Compressed Clusters Descriptor": x bits of byte offset, then the count of sectors behind the first. */
function packedEntry(table: DataView, at: number, layout: Layout, fault: Fault): L2Entry {
  if (layout.extended && (table.getUint32(at + 8) !== 0 || table.getUint32(at + 12) !== 0)) {
    throw fault('a compressed cluster with subclusters');
  }
  const x = 62 - (layout.clusterBits - 8);
  const descriptor = table.getUint32(at) & 0x3fffffff;
  const sectors = descriptor >>> (x - 32);
  const high = descriptor & (2 ** (x - 32) - 1);
  if (high > 0xffffff) throw fault('reserved bits are set in the offset of a compressed cluster');
  const host = high * 2 ** 32 + table.getUint32(at + 4);
  if (host < layout.clusterSize) throw fault(`a compressed cluster is said to be at ${host}, in the header`);
  return { kind: 'packed', host, length: alignDown(host, SECTOR) + (sectors + 1) * SECTOR - host };
}

function damaged(message: string, offset: number): DiskferryError {
  return new DiskferryError('image-damaged', message, { offset });
}
