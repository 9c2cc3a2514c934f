import { open } from 'node:fs/promises';

const CLUSTER_BITS = 16;
const CLUSTER = 2 ** CLUSTER_BITS;
const ENTRY = 8;
/** What one entry of the first table reaches: a table of clusters. */
const REACH = (CLUSTER / ENTRY) * CLUSTER;
/** With 16 bits for each cluster. */
const COUNTED = CLUSTER / 2;
const HEADER_LENGTH = 104;

/**
 * A qcow2 without a cluster: what lies under a guest's disk and takes what that writes. The disk below it is named by who
 * opens it and not by the file. As qemu/docs/interop/qcow2.txt has it: header, reference counts, first table.
 */
export async function makeOverlay(path: string, size: number): Promise<void> {
  const entries = Math.ceil(size / REACH);
  const tables = Math.ceil((entries * ENTRY) / CLUSTER);
  const clusters = 3 + tables;
  if (clusters > COUNTED) throw new RangeError(`a disk of ${size} bytes is too large for an overlay`);
  const head = Buffer.alloc(3 * CLUSTER);
  head.write('QFI\xfb', 0, 'latin1');
  head.writeUInt32BE(3, 4); // version
  head.writeUInt32BE(CLUSTER_BITS, 20);
  head.writeBigUInt64BE(BigInt(size), 24);
  head.writeUInt32BE(entries, 36);
  head.writeBigUInt64BE(BigInt(3 * CLUSTER), 40); // the first table
  head.writeBigUInt64BE(BigInt(CLUSTER), 48); // the table of reference counts
  head.writeUInt32BE(1, 56); // its clusters
  head.writeUInt32BE(4, 96); // reference counts of 16 bits
  head.writeUInt32BE(HEADER_LENGTH, 100);
  head.writeBigUInt64BE(BigInt(2 * CLUSTER), CLUSTER); // its one block
  for (let cluster = 0; cluster < clusters; cluster++) head.writeUInt16BE(1, 2 * CLUSTER + 2 * cluster);
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(head);
  await file.truncate(clusters * CLUSTER);
}
