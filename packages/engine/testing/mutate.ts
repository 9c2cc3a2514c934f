/**
 * Damages an image the way a hostile or broken writer would: words of tables and headers, single bytes, copied words,
 * cuts. The choice is a function of the generator alone, so a failing case can be made again from its seed.
 */
export function mutated(seed: Uint8Array, random: () => number): Uint8Array {
  // Not slice(): of a Node Buffer that is the same memory.
  let content: Uint8Array = new Uint8Array(seed);
  const count = 1 + Math.floor(random() ** 3 * 6);
  for (let turn = 0; turn < count && content.length > 0; turn++) content = mutatedOnce(content, random);
  return content;
}

function mutatedOnce(content: Uint8Array, random: () => number): Uint8Array {
  const choice = random();
  if (choice < 0.06) return truncated(content, random);
  if (choice < 0.2) flipByte(content, random);
  else if (choice < 0.35) copyWord(content, random);
  else writeWord(content, random);
  return content;
}

function truncated(content: Uint8Array, random: () => number): Uint8Array {
  const unit = [1, 8, 512, 65536][below(4, random)] ?? 1;
  const length = Math.floor(content.length * random());
  return content.subarray(0, length - (length % unit));
}

function flipByte(content: Uint8Array, random: () => number): void {
  content[place(content.length, random)] = below(256, random);
}

/** A word from elsewhere in the image: tables that name each other, entries that appear twice. */
function copyWord(content: Uint8Array, random: () => number): void {
  const width = random() < 0.5 ? 4 : 8;
  const from = alignedPlace(content.length, width, random);
  const to = alignedPlace(content.length, width, random);
  content.copyWithin(to, from, from + width);
}

function writeWord(content: Uint8Array, random: () => number): void {
  const width = [1, 2, 4, 8][below(4, random)] ?? 8;
  const at = alignedPlace(content.length, width, random);
  if (at + width > content.length) return;
  const view = new DataView(content.buffer, content.byteOffset + at, width);
  const littleEndian = random() < 0.5;
  const old = readWord(view, littleEndian);
  const word = BigInt.asUintN(64, wordFor(old, content.length, random));
  if (width === 8) view.setBigUint64(0, word, littleEndian);
  else if (width === 4) view.setUint32(0, Number(BigInt.asUintN(32, word)), littleEndian);
  else if (width === 2) view.setUint16(0, Number(BigInt.asUintN(16, word)), littleEndian);
  else view.setUint8(0, Number(BigInt.asUintN(8, word)));
}

function readWord(view: DataView, littleEndian: boolean): bigint {
  if (view.byteLength === 8) return view.getBigUint64(0, littleEndian);
  if (view.byteLength === 4) return BigInt(view.getUint32(0, littleEndian));
  return BigInt(view.byteLength === 2 ? view.getUint16(0, littleEndian) : view.getUint8(0));
}

/** The values that break readers: nothing, everything, powers of two and their neighbours, the file's own size. */
function wordFor(old: bigint, fileSize: number, random: () => number): bigint {
  const near = BigInt(below(3, random) - 1);
  const power = 1n << BigInt(below(64, random));
  const size = BigInt(fileSize);
  const candidates = [0n, 1n, -1n, power, power + near, old + near, old ^ power, size + near, size / 512n + near];
  return candidates[below(candidates.length, random)] ?? 0n;
}

/** Mostly in the head, often in the tail or at the start of some sector: that is where structures lie. */
function place(length: number, random: () => number): number {
  const choice = random();
  if (choice < 0.4) return Math.min(length - 1, Math.floor(2 ** (random() * 10)) - 1);
  if (choice < 0.5) return Math.max(0, length - 1 - below(1024, random));
  if (choice < 0.9) return Math.min(length - 1, below(Math.ceil(length / 512), random) * 512 + below(64, random));
  return below(length, random);
}

function alignedPlace(length: number, width: number, random: () => number): number {
  const at = place(length, random);
  return at - (at % width);
}

function below(limit: number, random: () => number): number {
  return Math.floor(random() * limit);
}
