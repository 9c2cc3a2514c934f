const CHUNK = 4096;

/** Packs as NTFS does, chunk by chunk; simply, not well. */
export function lznt1(content: Uint8Array): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; at < content.length; at += CHUNK) chunks.push(chunkOf(content.subarray(at, at + CHUNK)));
  return Buffer.concat(chunks);
}

function chunkOf(content: Uint8Array): Buffer {
  const packed = tokensOf(content);
  const isSmaller = packed.length < content.length;
  const body = isSmaller ? packed : Buffer.from(content);
  const head = Buffer.alloc(2);
  head.writeUInt16LE((body.length - 1) | (isSmaller ? 0xb000 : 0x3000));
  return Buffer.concat([head, body]);
}

function tokensOf(content: Uint8Array): Buffer {
  const groups: number[] = [];
  const seen = new Map<string, number>();
  for (let at = 0; at < content.length;) {
    const flagsAt = groups.push(0) - 1;
    for (let bit = 0; bit < 8 && at < content.length; bit++) {
      const [distance, length] = matchAt(content, at, seen);
      if (length >= 3) {
        const bits = lengthBits(at);
        const word = ((distance - 1) << bits) | (length - 3);
        groups[flagsAt] = (groups[flagsAt] ?? 0) | (1 << bit);
        groups.push(word & 0xff, word >>> 8);
      } else groups.push(content[at] ?? 0);
      for (const end = at + Math.max(1, length >= 3 ? length : 1); at < end; at++) seen.set(keyAt(content, at), at);
    }
  }
  return Buffer.from(groups);
}

function matchAt(
  content: Uint8Array,
  at: number,
  seen: ReadonlyMap<string, number>,
): [distance: number, length: number] {
  const from = seen.get(keyAt(content, at));
  if (from === undefined) return [0, 0];
  const longest = Math.min(content.length - at, (1 << lengthBits(at)) + 2);
  let length = 0;
  while (length < longest && content[from + length] === content[at + length]) length++;
  return [at - from, length];
}

function keyAt(content: Uint8Array, at: number): string {
  return content.subarray(at, at + 3).join(',');
}

function lengthBits(filled: number): number {
  return [16, 32, 64, 128, 256, 512, 1024, 2048].filter((size) => filled > size).reduce((bits) => bits - 1, 12);
}
