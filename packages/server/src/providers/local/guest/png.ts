import { crc32, deflate } from 'node:zlib';
import { promisify } from 'node:util';

/** Rows from the top, three bytes for each point: red, green, blue. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const CHANNELS = 3;

/** PNG (RFC 2083) in its plainest form: 8 bits, red, green and blue, no filter, one chunk of data. */
export async function asPng({ width, height, rgb }: Picture): Promise<Uint8Array> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8); // depth, true colour, deflate, the one filter method, not interlaced
  const row = width * CHANNELS;
  const rows = Buffer.alloc(height * (row + 1)); // each row begins with its filter: none
  for (let y = 0; y < height; y++) rows.set(rgb.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
  const data = await promisify(deflate)(rows);
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** The picture in a binary PPM as QEMU writes it: `P6`, width, height, 255, then the points. @throws an Error */
export function readPpm(bytes: Uint8Array): Picture {
  const head = Buffer.from(bytes.subarray(0, 64)).toString('latin1');
  const found = /^P6\s+(\d{1,5})\s+(\d{1,5})\s+255\s/.exec(head);
  const [all = '', width, height] = found ?? [];
  const picture = { width: Number(width), height: Number(height), rgb: bytes.subarray(all.length) };
  if (found !== null && picture.rgb.length === picture.width * picture.height * CHANNELS) return picture;
  throw new Error(`no PPM with 8 bits: ${JSON.stringify(head.slice(0, 20))}, ${bytes.length} bytes`);
}
