import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { Place } from './file-systems.ts';
import { guestId } from './mini-guest.ts';

const SECTOR = 512;
const MiB = 2 ** 20;
/** The metadata area ends where the first extent begins. */
const AREA = 4096;
const DATA = MiB;
const EXTENT = 4 * MiB;
const CRC_START = 0xf597a6cf;

/**
 * Writes the volume group `vg0` with the one volume `root`, as LVM2 lays it out on a disk (lib/format_text/layout.h and
 * lib/label/label.h say where what lies): a label in the second sector, the header of the metadata area, and the group as
 * text. The tools of LVM want devices and root; these are three writes. @returns where the volume lies
 */
export async function makeLvm(place: Place, name: string): Promise<Place> {
  const extents = Math.floor((place.size - DATA) / EXTENT);
  const group = Buffer.from(`${groupText(name, { extents, sectors: place.size / SECTOR })}\0`);
  if (SECTOR + group.length > DATA - AREA) throw new Error(`the text of the group has ${group.length} bytes`);
  await using file = await open(place.disk, 'r+');
  for (const [offset, bytes] of [
    [SECTOR, label(lvmId(name, 'pv'), place.size)],
    [AREA, areaHeader(group)],
    [AREA + SECTOR, group],
  ] as const) {
    await file.write(bytes, 0, bytes.length, place.offset + offset);
  }
  return { ...place, offset: place.offset + DATA, size: extents * EXTENT };
}

/** Lists of areas end with an empty one; the last is that of boot loaders, behind a version and what marks it as used. */
function label(id: string, size: number): Buffer {
  const bytes = Buffer.alloc(SECTOR);
  bytes.write('LABELONE', 0);
  bytes.writeBigUInt64LE(1n, 8);
  bytes.writeUInt32LE(32, 20);
  bytes.write('LVM2 001', 24);
  bytes.write(id, 32);
  const words = [size, DATA, 0, 0, 0, AREA, DATA - AREA, 0, 0];
  for (const [index, word] of words.entries()) bytes.writeBigUInt64LE(BigInt(word), 64 + 8 * index);
  bytes.writeUInt32LE(2, 64 + 8 * words.length);
  bytes.writeUInt32LE(1, 68 + 8 * words.length);
  bytes.writeUInt32LE(checksum(bytes.subarray(20)), 16);
  return bytes;
}

function areaHeader(group: Buffer): Buffer {
  const bytes = Buffer.alloc(SECTOR);
  bytes.write(' LVM2 x[5A%r0N*>', 4);
  bytes.writeUInt32LE(1, 20);
  for (const [index, word] of [AREA, DATA - AREA, SECTOR, group.length].entries()) {
    bytes.writeBigUInt64LE(BigInt(word), 24 + 8 * index);
  }
  bytes.writeUInt32LE(checksum(group), 56);
  bytes.writeUInt32LE(checksum(bytes.subarray(4)), 0);
  return bytes;
}

/** The usual polynomial, with another start and nothing turned over at the end. */
function checksum(bytes: Uint8Array): number {
  return ~crc32(bytes, ~CRC_START >>> 0) >>> 0;
}

function groupText(name: string, { extents, sectors }: { extents: number; sectors: number }): string {
  const id = (what: 'pv' | 'vg' | 'lv'): string => {
    return lvmId(name, what).replace(/^(.{6})(.{4})(.{4})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-$5-$6-');
  };
  return `vg0 {
id = "${id('vg')}"
seqno = 1
format = "lvm2"
status = ["RESIZEABLE", "READ", "WRITE"]
flags = []
extent_size = ${EXTENT / SECTOR}
max_lv = 0
max_pv = 0
metadata_copies = 0
physical_volumes {
pv0 {
id = "${id('pv')}"
device = "/dev/sda2"
status = ["ALLOCATABLE"]
flags = []
dev_size = ${sectors}
pe_start = ${DATA / SECTOR}
pe_count = ${extents}
}
}
logical_volumes {
root {
id = "${id('lv')}"
status = ["READ", "WRITE", "VISIBLE"]
flags = []
segment_count = 1
segment1 {
start_extent = 0
extent_count = ${extents}
type = "striped"
stripe_count = 1
stripes = ["pv0", 0]
}
}
}
}
contents = "Text Format Volume Group"
version = 1
`;
}

function lvmId(name: string, what: 'pv' | 'vg' | 'lv'): string {
  return guestId(name, what).replaceAll('-', '');
}
