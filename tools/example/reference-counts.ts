/** This entry is the only one that uses its cluster. */
const COPIED = 1n << 63n;
const HEADER = { l1Entries: 36, l1Offset: 40, countsOffset: 48, countsClusters: 56 };

/**
 * Makes a qcow2 image complete in which every cluster is used once: one table and one block of 16-bit reference counts
 * behind the rest, and the mark of sole use in every entry. A reader needs neither; `qemu-img` refuses an image without.
 * docs/interop/qcow2.txt of QEMU, "Host cluster management".
 */
export function withReferenceCounts(image: Uint8Array, clusterSize: number): Uint8Array {
  const used = Math.ceil(image.length / clusterSize);
  const [table, block] = [used * clusterSize, (used + 1) * clusterSize];
  const file = new Uint8Array(block + clusterSize);
  file.set(image);
  const view = new DataView(file.buffer);
  view.setBigUint64(HEADER.countsOffset, BigInt(table));
  view.setUint32(HEADER.countsClusters, 1);
  view.setBigUint64(table, BigInt(block));
  for (let index = 0; index < used + 2; index++) view.setUint16(block + index * 2, 1);
  markSoleUse(view, clusterSize);
  return file;
}

function markSoleUse(view: DataView, clusterSize: number): void {
  const l1 = Number(view.getBigUint64(HEADER.l1Offset));
  for (let index = 0; index < view.getUint32(HEADER.l1Entries); index++) {
    const l2 = marked(view, l1 + index * 8);
    if (l2 === 0) continue;
    for (let at = 0; at < clusterSize; at += 8) marked(view, l2 + at);
  }
}

/** Marks the entry at `at` where it names a cluster, and gives that cluster's offset. */
function marked(view: DataView, at: number): number {
  const offset = view.getBigUint64(at);
  if (offset > 0n) view.setBigUint64(at, offset | COPIED);
  return Number(offset);
}
