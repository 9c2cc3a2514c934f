/** Makes small VDIs; the header and the map can be changed before they are stored. */
export interface VdiParts {
  readonly size: number;
  readonly blockSize: number;
  /** Block after block: content, never written, or zeroed. */
  readonly blocks: readonly (Uint8Array | 'free' | 'zeroed')[];
  readonly header?: (header: Buffer) => void;
  readonly map?: (map: Buffer) => void;
}

const MAP_AT = 512;

export function vdiImage({ size, blockSize, blocks, ...change }: VdiParts): Buffer {
  const map = Buffer.alloc(Math.ceil((blocks.length * 4) / 512) * 512);
  const stored: Buffer[] = [];
  for (const [index, block] of blocks.entries()) {
    if (block === 'free') map.writeUInt32LE(0xffffffff, index * 4);
    else if (block === 'zeroed') map.writeUInt32LE(0xfffffffe, index * 4);
    else {
      map.writeUInt32LE(stored.length, index * 4);
      stored.push(Buffer.concat([block, Buffer.alloc(blockSize - block.length)]));
    }
  }
  const header = Buffer.alloc(512);
  header.write('<<< Oracle VM VirtualBox Disk Image >>>\n', 'latin1');
  header.writeUInt32LE(0xbeda107f, 64);
  header.writeUInt32LE(0x00010001, 68);
  header.writeUInt32LE(400, 72);
  header.writeUInt32LE(1, 76);
  header.writeUInt32LE(MAP_AT, 340);
  header.writeUInt32LE(MAP_AT + map.length, 344);
  header.writeUInt32LE(512, 360);
  header.writeBigUInt64LE(BigInt(size), 368);
  header.writeUInt32LE(blockSize, 376);
  header.writeUInt32LE(blocks.length, 384);
  header.writeUInt32LE(stored.length, 388);
  change.header?.(header);
  change.map?.(map);
  return Buffer.concat([header, map, ...stored]);
}
