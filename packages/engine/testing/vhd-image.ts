/**
 * Makes small VHDs, good ones and such as no writer makes. Every part can be changed before it is sealed with its
 * checksum, so that a hostile word is not refused for the checksum alone.
 */
export interface VhdParts {
  readonly size: number;
  /** Block after block; undefined for one that was never written. */
  readonly blocks: readonly (Uint8Array | undefined)[];
  readonly blockSize: number;
  readonly creator?: string;
  readonly footer?: (footer: Buffer) => void;
  readonly header?: (header: Buffer) => void;
  readonly table?: (table: Buffer) => void;
  /** What to do to the finished file. */
  readonly file?: (file: Buffer) => Buffer;
}

const HEADER_AT = 512;
const TABLE_AT = 1536;

export function dynamicVhd(parts: VhdParts): Buffer {
  const footer = vhdFooter(parts, 3);
  const count = Math.ceil(parts.size / parts.blockSize);
  const header = Buffer.alloc(1024);
  header.write('cxsparse', 'latin1');
  header.fill(0xff, 8, 16);
  header.writeBigUInt64BE(BigInt(TABLE_AT), 16);
  header.writeUInt32BE(0x10000, 24);
  header.writeUInt32BE(count, 28);
  header.writeUInt32BE(parts.blockSize, 32);
  parts.header?.(header);
  seal(header, 36);
  const table = Buffer.alloc(Math.ceil((count * 4) / 512) * 512, 0xff);
  const stored = storedBlocks(parts, table, (TABLE_AT + table.length) / 512);
  parts.table?.(table);
  const file = Buffer.concat([footer, header, table, ...stored, footer]);
  return parts.file?.(file) ?? file;
}

export function fixedVhd(disk: Uint8Array, parts: Partial<VhdParts> = {}): Buffer {
  const footer = vhdFooter({ size: disk.length, blocks: [], blockSize: 0, ...parts }, 2);
  const file = Buffer.concat([disk, footer]);
  return parts.file?.(file) ?? file;
}

export function vhdFooter(parts: VhdParts, type: number): Buffer {
  const footer = Buffer.alloc(512);
  footer.write('conectix', 'latin1');
  footer.writeUInt32BE(2, 8);
  footer.writeUInt32BE(0x10000, 12);
  if (type === 2) footer.fill(0xff, 16, 24);
  else footer.writeBigUInt64BE(BigInt(HEADER_AT), 16);
  footer.write((parts.creator ?? 'win ').padEnd(4, '\0'), 28, 'latin1');
  footer.writeBigUInt64BE(BigInt(parts.size), 40);
  footer.writeBigUInt64BE(BigInt(parts.size), 48);
  setGeometry(footer, [Math.min(65535, Math.floor(parts.size / 512 / 68)), 4, 17]);
  footer.writeUInt32BE(type, 60);
  parts.footer?.(footer);
  return seal(footer, 64);
}

export function setGeometry(footer: Buffer, [cylinders, heads, sectors]: readonly [number, number, number]): void {
  footer.writeUInt16BE(cylinders, 56);
  footer[58] = heads;
  footer[59] = sectors;
}

/** Writes the checksum of a footer (at 64) or of a dynamic header (at 36). */
export function seal(bytes: Buffer, at: number): Buffer {
  bytes.writeUInt32BE(0, at);
  bytes.writeUInt32BE(~bytes.reduce((sum, byte) => sum + byte, 0) >>> 0, at);
  return bytes;
}

function storedBlocks({ blocks, blockSize }: VhdParts, table: Buffer, firstSector: number): Buffer[] {
  const bitmap = Buffer.alloc(Math.ceil(blockSize / 512 / 8 / 512) * 512, 0xff);
  const stored: Buffer[] = [];
  for (const [index, block] of blocks.entries()) {
    if (!block) continue;
    table.writeUInt32BE(firstSector + (stored.length / 2) * ((bitmap.length + blockSize) / 512), index * 4);
    stored.push(bitmap, Buffer.concat([block, Buffer.alloc(blockSize - block.length)]));
  }
  return stored;
}
