import { deflateSync } from 'node:zlib';
import { isZero } from '../src/base/zero.ts';

/**
 * Small VMDK files in the layouts that qemu-img does not write (streams with their directory at the end, extents of
 * ESX), and in those that tests break on purpose. Virtual Disk Format 5.0.
 */
export const SECTOR = 512;
const TABLE_ENTRIES = 512;

export interface DescriptorShape {
  readonly createType?: string;
  readonly extents: readonly string[];
  /** Lines of the header. */
  readonly header?: readonly string[];
}

export function descriptorText(shape: DescriptorShape): string {
  const {
    createType = 'monolithicSparse',
    extents,
    header = ['version=1', 'CID=12345678', 'parentCID=ffffffff'],
  } = shape;
  return [
    '# Disk DescriptorFile',
    ...header,
    `createType="${createType}"`,
    '',
    '# Extent description',
    ...extents,
    '',
    '# The Disk Data Base',
    '#DDB',
    'ddb.adapterType = "lsilogic"',
    '',
  ].join('\n');
}

export interface HostedShape {
  /** Sectors; small, so that tables are more interesting than data. */
  readonly grain?: number;
  readonly version?: number;
  readonly flags?: number;
  /** Null: none. */
  readonly descriptor?: string | null;
  /** Sectors in the header, where they are not those of the disk. */
  readonly capacity?: number;
}

/** Where things lie in a made file, in bytes. */
export interface Places {
  readonly directory: number;
  readonly tables: readonly number[];
  readonly grains: readonly number[];
  readonly footer?: number;
}

export interface MadeVmdk {
  readonly bytes: Uint8Array;
  readonly at: Places;
}

const FLAGS = { plain: 3, stream: 0x30001 };

/** A sparse disk: header, descriptor, redundant directory and tables, directory and tables, grains. */
export function sparseVmdk(disk: Uint8Array, shape: HostedShape = {}): MadeVmdk {
  const grain = (shape.grain ?? 8) * SECTOR;
  const file = new Growing();
  const count = Math.ceil(disk.length / (grain * TABLE_ENTRIES));
  file.place(20 * SECTOR, descriptorBytes(shape, disk, 'monolithicSparse'));
  const redundant = file.reserve(count * 4);
  const redundantTables = Array.from({ length: count }, () => file.reserve(TABLE_ENTRIES * 4));
  const directory = file.reserve(count * 4);
  const tables = Array.from({ length: count }, () => file.reserve(TABLE_ENTRIES * 4));
  const overhead = file.length;
  const grains: number[] = [];
  for (let at = 0; at < disk.length; at += grain) {
    const content = disk.subarray(at, at + grain);
    const index = at / grain;
    if (isZero(content)) continue;
    const place = file.reserve(grain);
    file.write(place, content);
    grains.push(place);
    const slot = (index % TABLE_ENTRIES) * 4;
    const table = Math.floor(index / TABLE_ENTRIES);
    for (const set of [tables, redundantTables]) file.u32((set[table] ?? 0) + slot, place / SECTOR);
  }
  for (const [from, set] of [
    [directory, tables],
    [redundant, redundantTables],
  ] as const) {
    for (const [index, table] of set.entries()) file.u32(from + index * 4, table / SECTOR);
  }
  file.write(
    0,
    headerBytes(shape, disk, { flags: FLAGS.plain, packed: 0, redundant, directory, overhead, version: 1 }),
  );
  return { bytes: file.bytes(), at: { directory, tables, grains } };
}

export interface StreamShape extends HostedShape {
  /** Bytes of zeros behind the end mark. */
  readonly padding?: number;
  /** The last grain unpacks to a whole grain, as VMware does, and not to what the disk has of it. */
  readonly wholeLastGrain?: boolean;
  /** Grains in another order: indices of grains that are written. */
  readonly order?: (grains: readonly number[]) => readonly number[];
  /** Progress markers between the grains, and their remains behind the other markers, as VMware's exports have them. */
  readonly progress?: boolean;
}

/** A stream with its directory at the end: grains, each table behind its grains, directory, footer, end mark. */
export function streamVmdk(disk: Uint8Array, shape: StreamShape = {}): MadeVmdk {
  const grain = (shape.grain ?? 8) * SECTOR;
  const file = new Growing();
  file.place(20 * SECTOR, descriptorBytes(shape, disk, 'streamOptimized'));
  const overhead = file.length;
  const places = new Map<number, number>();
  const used = Array.from({ length: Math.ceil(disk.length / grain) }, (_, index) => index).filter(
    (index) => !isZero(disk.subarray(index * grain, (index + 1) * grain)),
  );
  for (const index of shape.order?.(used) ?? used) {
    const content = disk.subarray(index * grain, (index + 1) * grain);
    const whole = new Uint8Array(shape.wholeLastGrain === false ? content.length : grain);
    whole.set(content);
    places.set(index, file.length);
    file.grain((index * grain) / SECTOR, deflateSync(whole));
    if (shape.progress) for (let turn = 0; turn < 4; turn++) file.progress();
  }
  const tables = tablesOf(file, places);
  const count = Math.ceil(disk.length / (grain * TABLE_ENTRIES));
  const directorySectors = Math.ceil((count * 4) / SECTOR);
  const directory = file.marked(2, directorySectors);
  for (const [index, table] of tables) file.u32(directory + index * 4, table / SECTOR);
  const footer = file.marked(3, 1);
  const header = { flags: FLAGS.stream, packed: 1, redundant: 0, overhead, version: 3 };
  file.write(0, headerBytes(shape, disk, { ...header, directory: -1 }));
  file.write(footer, headerBytes(shape, disk, { ...header, directory }));
  const end = file.reserve(SECTOR);
  if (shape.progress) file.u32(end + 16, 12345);
  file.reserve(shape.padding ?? 0);
  return { bytes: file.bytes(), at: { directory, tables: [...tables.values()], grains: [...places.values()], footer } };
}

function tablesOf(file: Growing, places: ReadonlyMap<number, number>): Map<number, number> {
  const tables = new Map<number, number>();
  for (const index of places.keys()) {
    const table = Math.floor(index / TABLE_ENTRIES);
    if (!tables.has(table)) tables.set(table, file.marked(1, (TABLE_ENTRIES * 4) / SECTOR));
  }
  for (const [index, place] of places) {
    const table = tables.get(Math.floor(index / TABLE_ENTRIES)) ?? 0;
    file.u32(table + (index % TABLE_ENTRIES) * 4, place / SECTOR);
  }
  return tables;
}

/** A sparse extent of ESX. Grains of one sector, as ESX writes them, unless told. */
export function cowdExtent(
  disk: Uint8Array,
  shape: { readonly grain?: number; readonly flags?: number } = {},
): MadeVmdk {
  const entries = 4096;
  const grain = (shape.grain ?? 1) * SECTOR;
  const count = Math.ceil(disk.length / (grain * entries));
  const file = new Growing();
  file.reserve(2048);
  const directory = file.reserve(count * 4);
  const tables = Array.from({ length: count }, () => file.reserve(entries * 4));
  const grains: number[] = [];
  for (let at = 0; at < disk.length; at += grain) {
    const content = disk.subarray(at, at + grain);
    if (isZero(content)) continue;
    const place = file.reserve(grain);
    file.write(place, content);
    grains.push(place);
    const index = at / grain;
    file.u32((tables[Math.floor(index / entries)] ?? 0) + (index % entries) * 4, place / SECTOR);
  }
  for (const [index, table] of tables.entries()) file.u32(directory + index * 4, table / SECTOR);
  file.write(0, Buffer.from('COWD'));
  const words = [
    1,
    shape.flags ?? 3,
    disk.length / SECTOR,
    grain / SECTOR,
    directory / SECTOR,
    count,
    file.length / SECTOR,
  ];
  for (const [index, word] of words.entries()) file.u32(4 + index * 4, word);
  return { bytes: file.bytes(), at: { directory, tables, grains } };
}

interface HeaderWords {
  readonly flags: number;
  readonly packed: number;
  readonly redundant: number;
  /** -1: at the end. */
  readonly directory: number;
  readonly overhead: number;
  readonly version: number;
}

function headerBytes(shape: HostedShape, disk: Uint8Array, words: HeaderWords): Uint8Array {
  const header = Buffer.alloc(SECTOR);
  header.write('KDMV', 0, 'latin1');
  header.writeUInt32LE(shape.version ?? words.version, 4);
  header.writeUInt32LE(shape.flags ?? words.flags, 8);
  const hasDescriptor = shape.descriptor !== null;
  const wide = [
    [12, shape.capacity ?? disk.length / SECTOR],
    [20, shape.grain ?? 8],
    [28, hasDescriptor ? 1 : 0],
    [36, hasDescriptor ? 20 : 0],
    [48, words.redundant / SECTOR],
    [56, words.directory < 0 ? -1 : words.directory / SECTOR],
    [64, words.overhead / SECTOR],
  ] as const;
  for (const [at, value] of wide) header.writeBigInt64LE(BigInt(value), at);
  header.writeUInt32LE(TABLE_ENTRIES, 44);
  header.write('\n \r\n', 73, 'latin1');
  header.writeUInt16LE(words.packed, 77);
  return header;
}

function descriptorBytes(shape: HostedShape, disk: Uint8Array, createType: string): Uint8Array {
  if (shape.descriptor === null) return new Uint8Array(0);
  const extents = [`RW ${shape.capacity ?? disk.length / SECTOR} SPARSE "made.vmdk"`];
  return Buffer.from(shape.descriptor ?? descriptorText({ createType, extents }));
}

/** A file that grows by whole sectors; sector 0 is there from the start. */
class Growing {
  #content = Buffer.alloc(64 * 1024);
  #length = SECTOR;

  get length(): number {
    return this.#length;
  }

  /** A plain array: `slice` of a Buffer is no copy, and tests change what they get. */
  bytes(): Uint8Array {
    return new Uint8Array(this.#content.subarray(0, this.#length));
  }

  /** @returns where the room begins */
  reserve(length: number): number {
    const at = this.#length;
    this.#length += Math.ceil(length / SECTOR) * SECTOR;
    if (this.#length > this.#content.length) {
      this.#content = Buffer.concat([this.#content, Buffer.alloc(2 * this.#length - this.#content.length)]);
    }
    return at;
  }

  place(length: number, bytes: Uint8Array): void {
    this.write(this.reserve(length), bytes);
  }

  write(at: number, bytes: Uint8Array): void {
    this.#content.set(bytes, at);
  }

  u32(at: number, value: number): void {
    this.#content.writeUInt32LE(value, at);
  }

  grain(lba: number, packed: Uint8Array): void {
    const at = this.reserve(12 + packed.length);
    this.#content.writeBigUInt64LE(BigInt(lba), at);
    this.u32(at + 8, packed.length);
    this.write(at + 12, packed);
  }

  progress(): void {
    const at = this.reserve(SECTOR);
    this.u32(at + 12, 4);
    this.u32(at + 16, 12345);
  }

  /** @returns where the sectors behind the marker begin */
  marked(type: number, sectors: number): number {
    const at = this.reserve(SECTOR);
    this.u32(at, sectors);
    this.u32(at + 12, type);
    return this.reserve(sectors * SECTOR);
  }
}
