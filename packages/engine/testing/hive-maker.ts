/** Keys of a registry: texts, numbers and bytes are values, objects are keys below. */
export interface Keys {
  readonly [name: string]: Value | Keys;
}

type Value = string | number | Uint8Array;

const BINS_AT = 4096;

type Put = (content: Buffer, parentOf?: readonly number[]) => number;

/** A registry file with these keys, as hivexsh opens it. */
export function hive(keys: Keys): Uint8Array {
  const cells: Buffer[] = [Buffer.alloc(0)];
  const placed = new Map<number, Buffer>();
  let used = 32;
  const put: Put = (content, parentOf = []) => {
    const size = Math.ceil((content.length + 4) / 8) * 8;
    const cell = Buffer.alloc(size);
    cell.writeInt32LE(-size);
    content.copy(cell, 4);
    cells.push(cell);
    const at = used;
    placed.set(at, cell);
    // A key tells where the key above it lies, which is written after it.
    for (const below of parentOf) placed.get(below)?.writeUInt32LE(at, 4 + 16);
    used += size;
    return at;
  };
  putSecurity(put);
  const root = putKey('ROOT', keys, 0x2c, put);
  const length = Math.ceil(used / 4096) * 4096;
  const file = Buffer.alloc(BINS_AT + length);
  writeHead(file, root, length);
  file.write('hbin', BINS_AT);
  file.writeUInt32LE(length, BINS_AT + 8);
  Buffer.concat(cells).copy(file, BINS_AT + 32);
  if (length > used) file.writeInt32LE(length - used, BINS_AT + used);
  return new Uint8Array(file);
}

function writeHead(file: Buffer, root: number, length: number): void {
  file.write('regf');
  file.writeUInt32LE(1, 4);
  file.writeUInt32LE(1, 8);
  file.writeUInt32LE(1, 20);
  file.writeUInt32LE(3, 24);
  file.writeUInt32LE(1, 32);
  file.writeUInt32LE(root, 36);
  file.writeUInt32LE(length, 40);
  file.writeUInt32LE(1, 44);
  let sum = 0;
  for (let at = 0; at < 508; at += 4) sum = (sum ^ file.readUInt32LE(at)) >>> 0;
  file.writeUInt32LE(sum, 508);
}

/** One descriptor for all keys, which hivexsh gives to those that it adds. It is the first cell. */
const SECURITY_AT = 32;

function putSecurity(put: Put): void {
  const cell = Buffer.alloc(40);
  cell.write('sk');
  cell.writeUInt32LE(SECURITY_AT, 4);
  cell.writeUInt32LE(SECURITY_AT, 8);
  cell.writeUInt32LE(1000, 12);
  cell.writeUInt32LE(20, 16);
  put(cell);
}

function putKey(name: string, keys: Keys, flags: number, put: Put): number {
  const entries = Object.entries(keys);
  const below = entries
    .filter((entry): entry is [string, Keys] => !isValue(entry[1]))
    .toSorted(([a], [b]) => (a.toUpperCase() < b.toUpperCase() ? -1 : 1));
  const values = entries.filter((entry): entry is [string, Value] => isValue(entry[1]));
  const offsets = below.map(([key, inside]) => [putKey(key, inside, 0x20, put), key] as const);
  const list = Buffer.alloc(4 + offsets.length * 8);
  list.write('lf');
  list.writeUInt16LE(offsets.length, 2);
  for (const [index, [offset, key]] of offsets.entries()) {
    list.writeUInt32LE(offset, 4 + index * 8);
    list.write(key.slice(0, 4), 8 + index * 8, 'latin1');
  }
  const valueList = Buffer.alloc(values.length * 4);
  for (const [index, [key, value]] of values.entries()) valueList.writeUInt32LE(putValue(key, value, put), index * 4);
  const cell = Buffer.alloc(76 + name.length);
  cell.write('nk');
  cell.writeUInt16LE(flags, 2);
  cell.writeUInt32LE(offsets.length, 20);
  cell.writeUInt32LE(offsets.length > 0 ? put(list) : 0xffff_ffff, 28);
  cell.writeUInt32LE(0xffff_ffff, 32);
  cell.writeUInt32LE(values.length, 36);
  cell.writeUInt32LE(values.length > 0 ? put(valueList) : 0xffff_ffff, 40);
  cell.writeUInt32LE(SECURITY_AT, 44);
  cell.writeUInt32LE(0xffff_ffff, 48);
  cell.writeUInt16LE(name.length, 72);
  cell.write(name, 76, 'latin1');
  return put(
    cell,
    offsets.map(([offset]) => offset),
  );
}

function isValue(content: Value | Keys): content is Value {
  return typeof content !== 'object' || content instanceof Uint8Array;
}

function putValue(name: string, value: Value, put: Put): number {
  const cell = Buffer.alloc(20 + name.length);
  cell.write('vk');
  cell.writeUInt16LE(name.length, 2);
  if (typeof value === 'number') {
    cell.writeUInt32LE(0x8000_0004, 4);
    cell.writeUInt32LE(value, 8);
    cell.writeUInt32LE(4, 12);
  } else {
    const isText = typeof value === 'string';
    const data = isText ? Buffer.from(`${value}\0`, 'utf16le') : Buffer.from(value);
    cell.writeUInt32LE(data.length, 4);
    cell.writeUInt32LE(put(data), 8);
    cell.writeUInt32LE(isText ? 1 : 3, 12);
  }
  cell.writeUInt16LE(1, 16);
  cell.write(name, 20, 'latin1');
  return put(cell);
}
