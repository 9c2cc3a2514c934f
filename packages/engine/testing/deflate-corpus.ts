import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, deflateRawSync } from 'node:zlib';
import { seededBytes, seededRandom } from './seeded.ts';

/** Contents and deflate streams for tests of a decoder. All but the files of the machine are made from seeds. */
export interface NamedStream {
  readonly name: string;
  readonly packed: Uint8Array;
  readonly content: Uint8Array;
}

const STRATEGIES = {
  default: constants.Z_DEFAULT_STRATEGY,
  filtered: constants.Z_FILTERED,
  huffman: constants.Z_HUFFMAN_ONLY,
  rle: constants.Z_RLE,
  fixed: constants.Z_FIXED,
};

/** Every level, strategy, window and memory level of zlib, over `content`. */
export function* packedEveryWay(name: string, content: Uint8Array): Generator<NamedStream> {
  const packed = (how: string, options: Parameters<typeof deflateRawSync>[1]): NamedStream => ({
    name: `${name}, ${how}`,
    packed: new Uint8Array(deflateRawSync(content, options)),
    content,
  });
  for (let level = 0; level <= 9; level++) yield packed(`level ${level}`, { level });
  for (const [strategy, value] of Object.entries(STRATEGIES)) yield packed(strategy, { strategy: value });
  for (let windowBits = 9; windowBits <= 15; windowBits++) yield packed(`window ${windowBits}`, { windowBits });
  for (const memLevel of [1, 4, 9]) yield packed(`memLevel ${memLevel}`, { memLevel });
}

/** Text, numbers, runs, noise, and all of them in turn. */
export function contents(size: number): ReadonlyMap<string, Uint8Array> {
  const text = words(7, size);
  const noise = seededBytes(11, size);
  const runs = Uint8Array.from({ length: size }, (_, at) => (at >> 9) & 3);
  const table = new Uint8Array(Uint32Array.from({ length: Math.ceil(size / 4) }, (_, at) => at * 24).buffer, 0, size);
  const mixed = new Uint8Array(size);
  for (let at = 0; at < size; at += 512)
    mixed.set([text, noise, runs, table][(at >> 9) % 4]!.subarray(at, at + 512), at);
  return new Map([
    ['nothing', new Uint8Array(0)],
    ['one byte', Uint8Array.of(7)],
    ['zeros', new Uint8Array(size)],
    ['text', text],
    ['noise', noise],
    ['runs', runs],
    ['a table', table],
    ['a mixture', mixed],
  ]);
}

function words(seed: number, size: number): Uint8Array {
  const random = seededRandom(seed);
  const known = Array.from({ length: 300 }, () =>
    Array.from({ length: 1 + random() * 9 }, () => String.fromCharCode(97 + 26 * random() ** 2)).join(''),
  );
  let text = '';
  while (text.length < size) text += `${known[Math.floor(300 * random() ** 2)]} `;
  return new Uint8Array(Buffer.from(text.slice(0, size), 'latin1'));
}

/** Up to `count` files of this machine, cut to `size`; none where it has no such folders. */
export function filesOfThisMachine(count: number, size: number): readonly NamedContent[] {
  return ['/usr/bin', '/usr/lib/x86_64-linux-gnu', '/usr/share/perl5', '/usr/include'].flatMap((folder) =>
    plainFiles(folder)
      .slice(0, Math.ceil(count / 4))
      .map((path) => ({ name: path, content: start(path, size) })),
  );
}

export interface NamedContent {
  readonly name: string;
  readonly content: Uint8Array;
}

function plainFiles(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(folder, entry.name))
      .toSorted();
  } catch {
    return [];
  }
}

function start(path: string, size: number): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path).subarray(0, size));
  } catch {
    return new Uint8Array(0);
  }
}
