/** The CRC-32 of bzip2: the polynomial of zlib's with the most significant bit first, which zlib.crc32 cannot do. */
const POLYNOMIAL = 0x04c11db7;

const TABLES = makeTables();

/** Continues from `before`; begin with 0. */
export function crc32Msb(bytes: Uint8Array, before = 0): number {
  const [t0, t1, t2, t3] = TABLES;
  let crc = ~before;
  let at = 0;
  for (const end = bytes.length - 3; at < end; at += 4) {
    crc ^=
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number);
    crc =
      (t3[crc >>> 24] as number) ^
      (t2[(crc >>> 16) & 255] as number) ^
      (t1[(crc >>> 8) & 255] as number) ^
      (t0[crc & 255] as number);
  }
  for (; at < bytes.length; at++) crc = (crc << 8) ^ (t0[(crc >>> 24) ^ (bytes[at] as number)] as number);
  return ~crc >>> 0;
}

type Table = Int32Array;

/** Four tables, so that four bytes are taken at a time: the second holds the effect of a byte one place further, and so on. */
function makeTables(): readonly [Table, Table, Table, Table] {
  const first = Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? POLYNOMIAL : 0);
    return crc;
  });
  const further = (table: Table): Table => table.map((crc) => (crc << 8) ^ (first[crc >>> 24] as number));
  const second = further(first);
  const third = further(second);
  return [first, second, third, further(third)];
}
