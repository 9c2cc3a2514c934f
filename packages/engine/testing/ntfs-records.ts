import { attributesOf } from '../src/guest/filesystem/ntfs/attributes.ts';
import { undoFixups } from '../src/guest/filesystem/ntfs/fixups.ts';
import { lznt1 } from './lznt1-packer.ts';

/** Changes to files in an image of NTFS that no tool makes without Windows: the record of a file is rewritten. */
const RECORD = 1024;
const DATA = 0x80;
const UNIT_CLUSTERS = 16;

interface Volume {
  readonly image: Buffer;
  readonly cluster: number;
  readonly tableAt: number;
}

function volumeOf(image: Buffer): Volume {
  const cluster = image.readUInt16LE(11) * image.readUInt8(13);
  return { image, cluster, tableAt: Number(image.readBigUInt64LE(48)) * cluster };
}

/** Where the record of the file with this name lies. The table of a new volume lies in one piece. */
export function recordOf(image: Buffer, name: string): number {
  const { tableAt } = volumeOf(image);
  const wanted = Buffer.from(name, 'utf16le');
  for (let at = tableAt + 64 * RECORD; image.toString('latin1', at, at + 4) === 'FILE'; at += RECORD) {
    const record = withoutFixups(image, at);
    const named = attributesOf(record).filter(({ type }) => type === 0x30);
    if (!named.some(({ resident }) => resident && Buffer.from(resident.subarray(66)).equals(wanted))) continue;
    // The name of a file in many records may lie in one that only continues it.
    const base = record.readUIntLE(32, 6);
    return base === 0 ? at : tableAt + base * RECORD;
  }
  throw new Error(`no record of ${name}`);
}

/** Gives a record without its fixups to `change`, and puts back what that gives. */
export function changeRecord(image: Buffer, at: number, change: (record: Buffer) => Buffer): void {
  const record = change(withoutFixups(image, at));
  const array = record.readUInt16LE(4);
  for (let sector = 1; sector <= RECORD / 512; sector++) {
    record.copy(record, array + sector * 2, sector * 512 - 2, sector * 512);
    record.copy(record, sector * 512 - 2, array, array + 2);
  }
  record.copy(image, at);
}

function withoutFixups(image: Buffer, at: number): Buffer {
  const record = Buffer.from(image.subarray(at, at + RECORD));
  undoFixups(record, 'FILE');
  return record;
}

/** Where an attribute begins in a record. */
export function attributeAt(record: Buffer, type: number): number {
  let at = record.readUInt16LE(20);
  for (; record.readUInt32LE(at) !== type; at += record.readUInt32LE(at + 4)) {
    if (record.readUInt32LE(at) === 0xffff_ffff) throw new Error(`the record has no attribute ${type}`);
  }
  return at;
}

/** Packs the content of a file that lies in one piece, as Windows packs it. Its data must be the last attribute. */
export function packNtfsFile(image: Buffer, name: string): void {
  const { cluster } = volumeOf(image);
  changeRecord(image, recordOf(image, name), (record) => {
    const at = attributeAt(record, DATA);
    const size = Number(record.readBigUInt64LE(at + 48));
    const start = firstCluster(record, at + record.readUInt16LE(at + 32));
    const runs: Buffer[] = [];
    let [before, stored] = [0, 0];
    for (let unit = 0; unit * UNIT_CLUSTERS * cluster < size; unit++) {
      const place = start + unit * UNIT_CLUSTERS;
      const used = packUnit(image.subarray(place * cluster, (place + UNIT_CLUSTERS) * cluster), cluster);
      if (used > 0) {
        runs.push(runOf(used, place - before));
        before = place;
      }
      if (used < UNIT_CLUSTERS) runs.push(Buffer.from([0x01, UNIT_CLUSTERS - used]));
      stored += used * cluster;
    }
    return withData(record, at, { runs: Buffer.concat([...runs, Buffer.alloc(1)]), size, stored, cluster });
  });
}

/** Packs where that saves a cluster, and gives how many are used. */
function packUnit(unit: Buffer, cluster: number): number {
  if (unit.every((byte) => byte === 0)) return 0;
  const packed = lznt1(unit);
  const used = Math.ceil((packed.length + 2) / cluster);
  if (used >= UNIT_CLUSTERS) return UNIT_CLUSTERS;
  unit.fill(0);
  packed.copy(unit);
  return used;
}

function firstCluster(record: Buffer, at: number): number {
  const head = record.readUInt8(at);
  return record.readUIntLE(at + 1 + (head & 0xf), head >>> 4);
}

function runOf(count: number, distance: number): Buffer {
  const run = Buffer.alloc(6);
  run.writeUInt8(0x41, 0);
  run.writeUInt8(count, 1);
  run.writeInt32LE(distance, 2);
  return run;
}

function withData(
  record: Buffer,
  at: number,
  data: { readonly runs: Buffer; readonly size: number; readonly stored: number; readonly cluster: number },
): Buffer {
  const length = Math.ceil((72 + data.runs.length) / 8) * 8;
  const units = Math.ceil(data.size / (UNIT_CLUSTERS * data.cluster));
  const attribute = Buffer.alloc(length);
  record.copy(attribute, 0, at, at + 16);
  attribute.writeUInt32LE(length, 4);
  attribute.writeUInt16LE(72, 10);
  attribute.writeUInt16LE(1, 12);
  attribute.writeBigUInt64LE(BigInt(units * UNIT_CLUSTERS - 1), 24);
  attribute.writeUInt16LE(72, 32);
  attribute.writeUInt16LE(4, 34);
  attribute.writeBigUInt64LE(BigInt(units * UNIT_CLUSTERS * data.cluster), 40);
  attribute.writeBigUInt64LE(BigInt(data.size), 48);
  attribute.writeBigUInt64LE(BigInt(data.size), 56);
  attribute.writeBigUInt64LE(BigInt(data.stored), 64);
  data.runs.copy(attribute, 72);
  const changed = Buffer.alloc(RECORD);
  record.copy(changed, 0, 0, at);
  attribute.copy(changed, at);
  changed.writeUInt32LE(0xffff_ffff, at + length);
  changed.writeUInt32LE(at + length + 8, 24);
  const standard = attributeAt(changed, 0x10);
  const flags = standard + changed.readUInt16LE(standard + 20) + 32;
  changed.writeUInt32LE(changed.readUInt32LE(flags) | 0x800, flags);
  return changed;
}
