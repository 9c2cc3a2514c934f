import { crc32, inflateSync } from 'node:zlib';

/** Reads what `asPng` and QEMU write, and nothing else: 8 bits, red, green and blue. */
export function readPng(png: Uint8Array): { width: number; height: number; rgb: Buffer } {
  const bytes = Buffer.from(png);
  if (bytes.subarray(0, 8).toString('latin1') !== '\x89PNG\r\n\x1a\n') throw new Error('no PNG');
  let header = Buffer.alloc(13);
  const data: Buffer[] = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    if (crc32(body) !== bytes.readUInt32BE(at + 8 + length)) throw new Error(`a wrong checksum at ${at}`);
    const type = body.toString('latin1', 0, 4);
    if (type === 'IHDR') header = Buffer.from(body.subarray(4));
    if (type === 'IDAT') data.push(body.subarray(4));
    at += 12 + length;
  }
  if (!header.subarray(8).equals(Buffer.from([8, 2, 0, 0, 0]))) throw new Error('not 8 bits of three colours');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  return { width, height, rgb: unfiltered(inflateSync(Buffer.concat(data)), { width, height }) };
}

/** The filters of RFC 2083, 6. */
function unfiltered(rows: Buffer, { width, height }: { width: number; height: number }): Buffer {
  const row = width * 3;
  if (rows.length !== height * (row + 1)) throw new Error(`${rows.length} bytes for ${width} × ${height}`);
  const rgb = Buffer.alloc(height * row);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (row + 1)] ?? 0;
    for (let x = 0; x < row; x++) {
      const left = x < 3 ? 0 : (rgb[y * row + x - 3] ?? 0);
      const above = y === 0 ? 0 : (rgb[(y - 1) * row + x] ?? 0);
      const corner = x < 3 || y === 0 ? 0 : (rgb[(y - 1) * row + x - 3] ?? 0);
      rgb[y * row + x] = (rows[y * (row + 1) + 1 + x] ?? 0) + predicted(filter, [left, above, corner]);
    }
  }
  return rgb;
}

function predicted(filter: number, [left, above, corner]: readonly [number, number, number]): number {
  if (filter === 3) return Math.floor((left + above) / 2);
  if (filter !== 4) return [0, left, above][filter] ?? 0;
  const guess = left + above - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}
