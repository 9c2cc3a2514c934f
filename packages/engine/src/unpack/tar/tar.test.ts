import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collect, MemoryBytes, streamOf } from '../../../testing/memory-bytes.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import {
  header,
  joined,
  makeTar,
  padded,
  paxHeader,
  type SparseVersion,
  type TarMember,
} from '../../../testing/tar-maker.ts';
import { archiveConformance } from '../../../testing/unpack-conformance.ts';
import type { RangedMember } from '../package.ts';
import { tar } from './tar.ts';

const DIALECTS = ['gnu', 'pax'] as const;
const VERSIONS: readonly SparseVersion[] = ['old', '0.0', '0.1', '1.0'];

for (const dialect of DIALECTS) {
  archiveConformance(`tar (${dialect})`, tar, async (members) =>
    makeTar(members.map((member) => ({ ...member, dialect }))),
  );
}

const listed = (archive: Uint8Array) => tar.list(new MemoryBytes(archive));

async function passed(
  archive: Uint8Array,
  sizes?: readonly number[],
): Promise<{ name: string; content: Uint8Array }[]> {
  const members: { name: string; content: Uint8Array }[] = [];
  for await (const { name, content } of tar.pass?.(streamOf(archive, sizes)) ?? []) {
    members.push({ name, content: await collect(content) });
  }
  return members;
}

/** What both ways of reading give, proven to be the same. */
async function read(archive: Uint8Array): Promise<{ name: string; content: Uint8Array }[]> {
  const byStream = await passed(archive, [700, 64]);
  const byRange = await Promise.all(
    (await listed(archive)).map(async (member) => ({ name: member.name, content: await whole(member) })),
  );
  expect(byStream.map(({ name }) => name)).toEqual(byRange.map(({ name }) => name));
  for (const [index, { content }] of byStream.entries())
    expect(Buffer.compare(content, byRange[index]?.content ?? new Uint8Array(0))).toBe(0);
  return byStream;
}

async function whole(member: RangedMember): Promise<Uint8Array> {
  const content = new Uint8Array(member.size);
  await member.bytes?.read(0, content);
  expect(Buffer.compare(await collect(await member.stream()), content)).toBe(0);
  return content;
}

const file = (content: string) => joined([header({ name: 'in-header', size: 0 }), padded(Buffer.from(content))]);

describe('tar', () => {
  it('joins a ustar prefix with the name', async () => {
    const name = `${'folder/'.repeat(15)}file.raw`;
    const [member] = await read(makeTar([{ name, content: Uint8Array.of(1), dialect: 'ustar' }]));
    expect(member?.name).toBe(name);
  });

  it('leaves out links, devices, directories and pipes, and never looks at what they name', async () => {
    const others = ['1', '2', '3', '4', '5', '6'].map((type): TarMember => ({
      name: `odd-${type}`,
      type,
      linkName: '/etc/passwd',
    }));
    const folders: TarMember[] = [{ name: 'old-folder/' }, { name: `${'deep/'.repeat(40)}`, dialect: 'pax' }];
    const archive = makeTar([...others, ...folders, { name: 'disk', content: Uint8Array.of(7) }, ...others]);
    expect(await read(archive)).toMatchObject([{ name: 'disk' }]);
  });

  it('reads old archives: no magic, NUL as type, signed checksums, base 256', async () => {
    const old = header({ name: 'café', size: 3, type: '\0', magic: '' });
    expect(await read(joined([old, padded(Buffer.from('old')), new Uint8Array(1024)]))).toMatchObject([
      { name: 'café' },
    ]);
    const signed = header({ name: 'café', size: 0 });
    const sum = signed.reduce(
      (total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte < 128 ? byte : byte - 256),
      0,
    );
    signed.set(Buffer.from(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
    expect(await read(joined([signed, new Uint8Array(1024)]))).toHaveLength(1);
    const wide = joined([
      header({ name: 'wide', size: 5, base256: true }),
      padded(Buffer.from('12345')),
      new Uint8Array(1024),
    ]);
    expect(Buffer.from((await read(wide))[0]?.content ?? []).toString()).toBe('12345');
  });

  it('takes path and size from pax headers, local over global', async () => {
    const archive = joined([
      paxHeader(
        [
          ['path', 'global'],
          ['comment', 'x'],
          ['size', '4'],
        ],
        'g',
      ),
      file('1234'),
      paxHeader([
        ['path', 'local'],
        ['size', '2'],
      ]),
      file('12'),
      file('5678'),
      new Uint8Array(1024),
    ]);
    const members = await read(archive);
    expect(members.map(({ name, content }) => [name, Buffer.from(content).toString()])).toEqual([
      ['global', '1234'],
      ['local', '12'],
      ['global', '5678'],
    ]);
  });

  it('reads the same name from bytes that are no UTF-8 as from Latin-1', async () => {
    const block = header({ name: 'x', patch: (bytes) => bytes.set([0x68, 0xff, 0xe9, 0], 0) });
    expect((await read(joined([block, new Uint8Array(1024)])))[0]?.name).toBe('h\xff\xe9');
  });

  it('ends with two blocks of zeros, with one at the end of the file, and whatever follows two', async () => {
    const member: TarMember = { name: 'a', content: Uint8Array.of(1) };
    for (const end of [1, 2, 20]) expect(await read(makeTar([member], end))).toHaveLength(1);
    expect(await read(joined([makeTar([member]), makeTar([member, member])]))).toHaveLength(1);
  });

  it('passes the runs of the file on with a member that is stored as it is', async () => {
    const archive = makeTar([{ name: 'disk', content: seededBytes(1, 8192) }]);
    const file = Object.assign(new MemoryBytes(archive), {
      async *runs({ offset, length }: { offset: number; length: number }) {
        yield { kind: 'hole' as const, offset, length };
      },
    });
    const [member] = await tar.list(file);
    const runs = await Array.fromAsync(member?.bytes?.runs?.({ offset: 1000, length: 50 }) ?? []);
    expect(runs).toEqual([{ kind: 'hole', offset: 1000, length: 50 }]);
  });
});

describe.each(VERSIONS)('a sparse tar member, version %s', (version) => {
  const content = new Uint8Array(300_000);
  const pieces: [number, number][] = [
    [0, 512],
    [4096, 1024],
    [100_352, 70_144],
    [299_520, 480],
  ];
  for (const [offset, length] of pieces) content.set(seededBytes(offset + 1, length), offset);
  const archive = makeTar([
    { name: 'disk.raw', content, sparse: { version, pieces } },
    { name: 'next', content: Uint8Array.of(1) },
  ]);

  it('reads with its holes, and the next member behind it', async () => {
    const members = await read(archive);
    expect(members.map(({ name }) => name)).toEqual(['disk.raw', 'next']);
    expect(Buffer.compare(members[0]?.content ?? new Uint8Array(0), content)).toBe(0);
  });

  it('tells its runs, clipped and gapless', async () => {
    const [member] = await listed(archive);
    const runs = await Array.fromAsync(member?.bytes?.runs?.({ offset: 500, length: 110_000 }) ?? []);
    expect(runs).toEqual([
      { kind: 'data', offset: 500, length: 12 },
      { kind: 'hole', offset: 512, length: 3584 },
      { kind: 'data', offset: 4096, length: 1024 },
      { kind: 'hole', offset: 5120, length: 95_232 },
      { kind: 'data', offset: 100_352, length: 10_148 },
    ]);
  });

  it('may have hundreds of pieces, or none', async () => {
    const many = Array.from({ length: 300 }, (_, at): [number, number] => [at * 1024, 512]);
    const striped = new Uint8Array(300 * 1024).map((_, at) => (at % 1024 < 512 ? at % 251 : 0));
    const members = await read(
      makeTar([
        { name: 'many', content: striped, sparse: { version, pieces: many } },
        { name: 'none', content: new Uint8Array(10_000), sparse: { version, pieces: [[10_000, 0]] } },
      ]),
    );
    expect(Buffer.compare(members[0]?.content ?? new Uint8Array(0), striped)).toBe(0);
    expect(members[1]?.content.length).toBe(10_000);
  });
});

describe('tar with random members', () => {
  const name = fc.string({ minLength: 1, maxLength: 200, unit: fc.constantFrom('a', 'B', '7', '.', '-', 'é', '日') });
  const content = fc.uint8Array({ maxLength: 2000 });
  const plain = fc.record({ name, content, dialect: fc.constantFrom(...DIALECTS) });
  const sparse = fc
    .record({
      name: fc.constant('sparse'),
      version: fc.constantFrom(...VERSIONS),
      steps: fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 3 }))),
    })
    .map(({ name, version, steps }): TarMember => sparseOf(name, version, steps));

  it('reads what was made, by range and from a stream', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(plain, sparse), { maxLength: 6 }), async (members: readonly TarMember[]) => {
        const found = await read(makeTar(members));
        expect(found.map(({ name }) => name)).toEqual(members.map(({ name }) => name));
        found.forEach(({ content }, at) =>
          expect(Buffer.compare(content, members[at]?.content ?? new Uint8Array(0))).toBe(0),
        );
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});

/** Holes and pieces in turn, in blocks. */
function sparseOf(name: string, version: SparseVersion, steps: readonly (readonly [number, number])[]): TarMember {
  const pieces: [number, number][] = [];
  let at = 0;
  for (const [hole, data] of steps) {
    pieces.push([at + hole * 512, data * 512]);
    at += (hole + data) * 512;
  }
  const content = new Uint8Array(at + 512);
  for (const [offset, length] of pieces) content.set(seededBytes(offset + 1, length), offset);
  return { name, content, sparse: { version, pieces } };
}
