import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { KiB, MiB } from '../src/base/align.ts';
import { DiskferryError } from '../src/base/errors.ts';
import type { Archive, Compression, RangedMember } from '../src/unpack/package.ts';
import { collect, MemoryBytes, streamOf } from './memory-bytes.ts';
import { markConformance, openerOf } from './mark-conformance.ts';
import { seededBytes } from './seeded.ts';
import { toolPath } from './tools.ts';
import { failing, stalling, WatchedStream } from './watched-stream.ts';

/** What every compression and every archive must do; a leaf's test is its way to pack and one call. */
type Pack = (content: Uint8Array) => Promise<Uint8Array>;

/** Code of the DiskferryError that comes out, or undefined; any other error is a failure of the test. */
export async function refusalOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof DiskferryError) return error.code;
    throw error;
  }
}

/** Packs with a program of the system, which takes its input from a pipe. */
export function packWith(tool: string, args: readonly string[]): (content: Uint8Array) => Promise<Uint8Array> {
  return async (content) =>
    new Uint8Array(execFileSync(toolPath(tool) ?? tool, [...args], { input: content, maxBuffer: 1024 * MiB }));
}

/** `pack` must protect the content with a checksum. */
export function compressionConformance(name: string, compression: Compression, pack: Pack): void {
  const decoded = (packed: Uint8Array, sizes?: readonly number[]) =>
    collect(compression.decode(streamOf(packed, sizes)));

  describe(`${name} as a compression`, () => {
    roundTrips(compression, pack);
    damage(compression, pack);
    streaming(compression, pack);
    if (compression.decodeFrom) marked({ ...compression, decodeFrom: compression.decodeFrom }, pack);

    it('reads two parts one after another as one content', async () => {
      const [first, second] = [seededBytes(5, 70_000), new Uint8Array(100_000)];
      const packed = Buffer.concat([await pack(first), await pack(second)]);
      for (const sizes of [[65536], [997, 13]]) {
        expect(Buffer.compare(await decoded(new Uint8Array(packed), sizes), Buffer.concat([first, second]))).toBe(0);
      }
    });

    it('refuses an empty file and what follows the last part', async () => {
      expect(await refusalOf(() => decoded(new Uint8Array(0)))).toBe('package-truncated');
      const packed = await pack(seededBytes(1, 100));
      for (const tail of ['x', 'garbage that is long enough for a header', '\0\0\0\0x']) {
        const code = await refusalOf(() => decoded(new Uint8Array(Buffer.concat([packed, Buffer.from(tail)]))));
        expect(['package-damaged', 'package-truncated']).toContain(code);
      }
    });
  });
}

function roundTrips(compression: Compression, pack: Pack): void {
  const contents: readonly (readonly [string, () => Uint8Array, readonly number[]])[] = [
    ['nothing', () => new Uint8Array(0), [1, 7, 65536]],
    ['one byte', () => Uint8Array.of(42), [1, 7, 65536]],
    ['600 random bytes', () => seededBytes(1, 600), [1, 7, 65536]],
    ['300 000 zeros', () => new Uint8Array(300_000), [1, 7, 65536]],
    ['200 000 random bytes', () => seededBytes(2, 200_000), [4093, 65536]],
    ['5 MiB, a fifth of it random', () => Buffer.concat([seededBytes(3, 1 * MiB), new Uint8Array(4 * MiB)]), [65536]],
  ];
  for (const [what, content, chunkings] of contents) {
    it(`gives back ${what} in chunks of ${chunkings.join(', ')} bytes`, async () => {
      const original = content();
      const packed = await pack(original);
      expect(compression.probe(packed.subarray(0, 512))).toBe(true);
      for (const size of chunkings) {
        const unpacked = await collect(compression.decode(streamOf(packed, [size])));
        expect(Buffer.compare(unpacked, original)).toBe(0);
      }
      const told = await compression.contentSize?.(new MemoryBytes(packed));
      expect(told ?? original.length).toBe(original.length);
    });
  }
}

function damage(compression: Compression, pack: Pack): void {
  const decoded = (packed: Uint8Array) => collect(compression.decode(streamOf(packed)));

  it('refuses a file that is cut anywhere', async () => {
    const packed = await pack(seededBytes(4, 120));
    for (let cut = 0; cut < packed.length; cut++) {
      const code = await refusalOf(() => decoded(packed.subarray(0, cut)));
      expect(code, `cut at ${cut} of ${packed.length}`).toMatch(/^package-(truncated|damaged)$/);
    }
  });

  it('refuses a large file that is cut in the middle or in its end mark', async () => {
    const packed = await pack(seededBytes(4, 500 * KiB));
    for (const cut of [65536, packed.length >>> 1, packed.length - 12, packed.length - 4, packed.length - 1]) {
      const code = await refusalOf(() => decoded(packed.subarray(0, cut)));
      expect(code, `cut at ${cut} of ${packed.length}`).toMatch(/^package-(truncated|damaged)$/);
    }
  });

  it('never gives other content for a flipped bit', async () => {
    const original = Buffer.from('the quick brown fox jumps over the lazy dog, again and again and again');
    const packed = await pack(new Uint8Array(original));
    for (let bit = 0; bit < packed.length * 8; bit++) {
      const flipped = new Uint8Array(packed);
      flipped[bit >>> 3] = (flipped[bit >>> 3] as number) ^ (1 << (bit & 7));
      let unpacked: Uint8Array = original;
      const code = await refusalOf(async () => (unpacked = await decoded(flipped)));
      if (code === undefined) expect(Buffer.compare(unpacked, original), `bit ${bit}`).toBe(0);
      else expect(code, `bit ${bit}`).toMatch(/^package-(truncated|damaged|unsupported|limit)$/);
    }
  });
}

function streaming(compression: Compression, pack: Pack): void {
  it('pulls no more than it needs, and closes its input when its consumer stops', async () => {
    const part = await pack(seededBytes(6, 500 * KiB));
    const packed = new Uint8Array(Buffer.concat(Array.from({ length: 16 }, () => part)));
    const input = new WatchedStream(streamOf(packed, [64 * KiB]));
    for await (const chunk of compression.decode(input)) {
      expect(chunk.length).toBeGreaterThan(0);
      await new Promise((resolve) => setTimeout(resolve, 30));
      break;
    }
    expect(input.pulled).toBeLessThan(5 * MiB);
    expect(input.closed).toBe(true);
  });

  it('closes its input when the content is damaged, and gives nothing afterwards', async () => {
    const packed = await pack(seededBytes(7, 500 * KiB));
    packed.fill(0x55, packed.length >>> 1, (packed.length >>> 1) + 4096);
    const input = new WatchedStream(streamOf(packed));
    const chunks = compression.decode(input)[Symbol.asyncIterator]();
    const code = await refusalOf(async () => {
      while ((await chunks.next()).done !== true);
    });
    expect(code).toMatch(/^package-(truncated|damaged)$/);
    expect(input.closed).toBe(true);
    expect(await chunks.next()).toEqual({ done: true, value: undefined });
  });

  it('passes an error of its input on as it is', async () => {
    const packed = await pack(seededBytes(8, 1000));
    const error = new DiskferryError('source-read', 'the network is gone');
    await expect(collect(compression.decode(failing(packed.subarray(0, 500), error)))).rejects.toBe(error);
  });

  it('stops when it is aborted, even while its input stalls', async () => {
    const packed = await pack(seededBytes(9, 1000));
    const gone = collect(compression.decode(streamOf(packed), { signal: AbortSignal.abort() }));
    await expect(gone).rejects.toMatchObject({ name: 'AbortError' });
    const aborter = new AbortController();
    setTimeout(() => aborter.abort(), 20);
    const stalled = collect(compression.decode(stalling(packed.subarray(0, 500)), { signal: aborter.signal }));
    await expect(stalled).rejects.toMatchObject({ name: 'AbortError' });
  });
}

/** Many parts, one of them without content: between them there is a mark wherever a compression gives any. */
function marked(compression: Compression & Required<Pick<Compression, 'decodeFrom'>>, pack: Pack): void {
  markConformance(async () => {
    const parts = Array.from({ length: 12 }, (_, turn) => seededBytes(turn, turn === 5 ? 0 : 20_000 + turn * 3001));
    const packed: Uint8Array[] = [];
    for (const part of parts) packed.push(await pack(part));
    const open = openerOf(new Uint8Array(Buffer.concat(packed)));
    return { content: Buffer.concat(parts), marks: 11, open: (from) => compression.decodeFrom(open, from) };
  });
}

export interface MemberContent {
  readonly name: string;
  readonly content: Uint8Array;
}

const MEMBERS: readonly MemberContent[] = [
  { name: 'disk.raw', content: Buffer.concat([seededBytes(1, 100_000), new Uint8Array(200_000), seededBytes(2, 511)]) },
  { name: 'empty', content: new Uint8Array(0) },
  { name: `${'a-long-folder-name/'.repeat(8)}and-a-long-file-name-behind-it.txt`, content: Uint8Array.of(1) },
  { name: 'naïve 日本.img', content: seededBytes(3, 512) },
];

/** `make` packs the members in their order; with none it makes an empty archive. */
export function archiveConformance(
  name: string,
  archive: Archive,
  make: (members: readonly MemberContent[]) => Promise<Uint8Array>,
): void {
  const listed = (packed: Uint8Array, signal?: AbortSignal) => archive.list(new MemoryBytes(packed), signal);

  describe(`${name} as an archive`, () => {
    it('lists the members with name, size and content', async () => {
      const packed = await make(MEMBERS);
      expect(archive.probe(packed.subarray(0, 512))).toBe(true);
      const members = await listed(packed);
      expect(members.map(({ name, size }) => [name, size])).toEqual(MEMBERS.map((m) => [m.name, m.content.length]));
      for (const [index, member] of members.entries()) await sameContent(member, MEMBERS[index]?.content);
    });

    it('lists nothing in an empty archive', async () => {
      expect(await listed(await make([]))).toEqual([]);
    });

    it('reads from a file at any offset where a member is stored as it is', async () => {
      for (const [index, { bytes }] of (await listed(await make(MEMBERS))).entries()) {
        if (bytes !== undefined) await sameAtOddOffsets(bytes, MEMBERS[index]?.content ?? new Uint8Array(0));
      }
    });

    it('refuses or reads whole a file that is cut', async () => {
      const packed = await make(MEMBERS);
      for (let cut = 0; cut < packed.length; cut += cut < 2048 || cut > packed.length - 3000 ? 61 : 30011) {
        const code = await refusalOf(async () => readAll(await listed(packed.subarray(0, cut))));
        if (code !== undefined) expect(code, `cut at ${cut}`).toMatch(/^package-(truncated|damaged)$/);
        else expect(cut).toBeGreaterThan(packed.length - 10_240);
      }
    });

    it('answers a flipped bit with the members or with a refusal of the package', async () => {
      const packed = await make(MEMBERS.slice(1));
      for (let bit = 0; bit < packed.length * 8; bit += 23) {
        const flipped = new Uint8Array(packed);
        flipped[bit >>> 3] = (flipped[bit >>> 3] as number) ^ (1 << (bit & 7));
        const code = await refusalOf(async () => readAll(await listed(flipped)));
        if (code !== undefined) expect(code, `bit ${bit}`).toMatch(/^package-/);
      }
    });

    it('stops when it is aborted', async () => {
      const packed = await make(MEMBERS);
      await expect(listed(packed, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    });

    if (archive.pass !== undefined) passing({ ...archive, pass: archive.pass.bind(archive) }, make);
  });
}

function passing(
  archive: Archive & Required<Pick<Archive, 'pass'>>,
  make: (members: readonly MemberContent[]) => Promise<Uint8Array>,
): void {
  it('gives the members one after another from a stream, whatever its chunks are', async () => {
    const packed = await make(MEMBERS);
    for (const sizes of [[65536], [97, 513], [511, 1, 1, 1, 509]]) {
      const passed: MemberContent[] = [];
      for await (const { name, size, content } of archive.pass(streamOf(packed, sizes))) {
        const bytes = await collect(content);
        expect(bytes.length).toBe(size);
        passed.push({ name, content: bytes });
      }
      expect(passed.map(({ name }) => name)).toEqual(MEMBERS.map(({ name }) => name));
      expect(
        passed.every(({ content }, at) => Buffer.compare(content, MEMBERS[at]?.content ?? new Uint8Array(0)) === 0),
      ).toBe(true);
    }
  });

  it('passes over what nobody reads, and over the rest of what is read in part', async () => {
    const packed = await make([...MEMBERS, ...MEMBERS]);
    const names: string[] = [];
    for await (const { name, content } of archive.pass(streamOf(packed, [4096]))) {
      names.push(name);
      if (names.length % 2 === 0) continue;
      for await (const chunk of content) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
    }
    expect(names).toEqual([...MEMBERS, ...MEMBERS].map(({ name }) => name));
  });

  it('closes its input when the consumer stops, and when a member is cut', async () => {
    const packed = await make(MEMBERS);
    const input = new WatchedStream(streamOf(packed, [512]));
    for await (const member of archive.pass(input)) {
      expect(member.name).toBe('disk.raw');
      break;
    }
    expect(input.closed).toBe(true);
    const cut = new WatchedStream(streamOf(packed.subarray(0, 50_000)));
    const code = await refusalOf(async () => {
      for await (const { content } of archive.pass(cut)) await collect(content);
    });
    expect(code).toBe('package-truncated');
    expect(cut.closed).toBe(true);
  });

  it('reads its input to the end, where the wrapping keeps its checksum', async () => {
    const error = new DiskferryError('package-damaged', 'the CRC of the wrapping');
    const all = async () => {
      for await (const { content } of archive.pass(failing(await make(MEMBERS), error))) await collect(content);
    };
    await expect(all()).rejects.toBe(error);
  });
}

async function sameContent(member: RangedMember, content: Uint8Array = new Uint8Array(0)): Promise<void> {
  expect(Buffer.compare(await collect(await member.stream()), content), member.name).toBe(0);
  if (member.bytes === undefined) return;
  const whole = new Uint8Array(member.size);
  await member.bytes.read(0, whole);
  expect(Buffer.compare(whole, content), member.name).toBe(0);
}

async function sameAtOddOffsets(bytes: NonNullable<RangedMember['bytes']>, content: Uint8Array): Promise<void> {
  for (const [from, to] of [
    [0, 1],
    [1, 600],
    [content.length - 7, content.length],
    [99_000, 101_000],
  ] as const) {
    if (from < 0 || to > content.length) continue;
    const into = new Uint8Array(to - from);
    await bytes.read(from, into);
    expect(Buffer.compare(into, content.subarray(from, to))).toBe(0);
  }
  expect(await refusalOf(() => bytes.read(content.length, new Uint8Array(1)))).toBe('internal');
  expect(await refusalOf(() => bytes.read(-1, new Uint8Array(1)))).toBe('internal');
}

async function readAll(members: readonly RangedMember[]): Promise<void> {
  for (const member of members) await collect(await member.stream());
}
