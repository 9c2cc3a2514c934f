import { execFileSync } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { deflateRawSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { collect, MemoryBytes } from '../../../testing/memory-bytes.ts';
import { markConformance } from '../../../testing/mark-conformance.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { hasTool, toolPath } from '../../../testing/tools.ts';
import { archiveConformance, refusalOf } from '../../../testing/unpack-conformance.ts';
import { makeZip, type ZipSpec } from '../../../testing/zip-maker.ts';
import { zip } from './zip.ts';

for (const [name, method] of [
  ['stored', 0],
  ['deflate', 8],
  ['zstd', 93],
] as const) {
  archiveConformance(`zip (${name})`, zip, async (members) =>
    makeZip(members.map((member) => ({ ...member, method }))),
  );
}

for (const [name, method, packed] of [
  ['deflate', 8, (part: Uint8Array) => deflateRawSync(part)],
  ['zstd', 93, (part: Uint8Array) => zstdCompressSync(part)],
] as const) {
  describe(`a zip member that is packed as ${name}`, () => {
    markConformance(async () => {
      const parts = Array.from({ length: method === 8 ? 1 : 9 }, (_, turn) =>
        seededBytes(turn, 3_000_000 / (turn + 1)),
      );
      const content = new Uint8Array(Buffer.concat(parts));
      const spec = { name: 'disk.raw', content, method, packed: Buffer.concat(parts.map(packed)) };
      const archive = makeZip([{ name: 'first', content: seededBytes(9, 999), method: 8 }, spec]);
      const [, member] = await zip.list(new MemoryBytes(archive));
      return { content, marks: 3, open: (from) => member!.streamFrom!(from) };
    });
  });
}

const listed = (archive: Uint8Array) => zip.list(new MemoryBytes(archive));
const readAll = async (archive: Uint8Array) => {
  for (const member of await listed(archive)) await collect(await member.stream());
};
const file: ZipSpec = { name: 'disk.raw', content: seededBytes(1, 5000), method: 8 };

const deflated = (content: Uint8Array) => deflateRawSync(content);

describe('zip', () => {
  it('gives stored members in place and others as a stream only, with marks where their method has them', async () => {
    const [stored, packed, bzip2, zstd] = await listed(
      makeZip([{ ...file, method: 0 }, file, { ...file, method: 12 }, { ...file, method: 93 }]),
    );
    const marked = [stored, packed, bzip2, zstd].map(
      (member) => member?.streamFrom && (member.boundaries ?? 'anywhere'),
    );
    expect(marked).toEqual([undefined, 'anywhere', undefined, 'frames']);
    expect(stored?.bytes?.size).toBe(5000);
    expect(packed?.bytes).toBeUndefined();
  });

  it('leaves out folders, links and devices', async () => {
    const odd = [0xa1ff, 0x41ed, 0x21b6, 0x61b6].map((attributes): ZipSpec => ({
      name: 'odd',
      content: Buffer.from('/etc/passwd'),
      attributes,
    }));
    expect(await listed(makeZip([...odd, { name: 'folder/', content: new Uint8Array(0) }, file]))).toMatchObject([
      { name: 'disk.raw' },
    ]);
  });

  it('finds its end behind a comment, and behind one that looks like an end', async () => {
    expect(await listed(makeZip([file], { comment: 'hello' }))).toHaveLength(1);
    expect(await listed(makeZip([file], { comment: `PK\x05\x06${'\0'.repeat(30)}` }))).toHaveLength(1);
  });

  it('is refused where the header and the directory differ', async () => {
    const wrong = [
      { size: 4999 },
      { packedSize: 1 },
      { crc: 1 },
      { name: 'disk.ra2' },
      { headerAt: 1 },
      { headerAt: 0xfffffff0 },
    ];
    for (const told of wrong)
      expect(await refusalOf(() => readAll(makeZip([{ ...file, told }]))), JSON.stringify(told)).toBe(
        'package-damaged',
      );
  });

  it('is refused where members overlap, sizes lie or something stands before it', async () => {
    expect(await refusalOf(() => readAll(makeZip([file, { ...file, told: { headerAt: 0 } }])))).toBe('package-damaged');
    expect(await refusalOf(() => readAll(makeZip([file], { count: 2 })))).toBe('package-damaged');
    expect(await refusalOf(() => readAll(makeZip([{ ...file, method: 0, packed: Buffer.alloc(4999) }])))).toBe(
      'package-damaged',
    );
    expect(await refusalOf(() => readAll(new Uint8Array(Buffer.concat([Buffer.from('stub'), makeZip([file])]))))).toBe(
      'package-damaged',
    );
  });

  it('is refused for content that is longer, shorter or other than it tells', async () => {
    const bomb = deflated(new Uint8Array(10_000_000));
    for (const packed of [
      bomb,
      deflated(file.content.subarray(1)),
      deflated(seededBytes(2, 5000)),
      Buffer.concat([deflated(file.content), Buffer.of(0)]),
    ]) {
      expect(await refusalOf(() => readAll(makeZip([{ ...file, packed }])))).toBe('package-damaged');
    }
    expect(
      await refusalOf(() => readAll(makeZip([{ ...file, packed: deflated(file.content).subarray(0, -20) }]))),
    ).toBe('package-truncated');
  });

  it('refuses encrypted members and unknown methods by name', async () => {
    for (const flags of [1, 1 << 5, 1 << 6, 1 << 13])
      expect(await refusalOf(() => readAll(makeZip([{ ...file, flags }])))).toBe('package-unsupported');
    await expect(readAll(makeZip([{ ...file, method: 9, packed: Buffer.of(1) }]))).rejects.toMatchObject({
      message: expect.stringContaining('zip method 9'),
    });
  });

  it('is refused for more members than the limit', async () => {
    const empty: ZipSpec = { name: 'f', content: new Uint8Array(0) };
    expect(await refusalOf(() => listed(makeZip(Array.from({ length: 4097 }, () => empty))))).toBe('package-limit');
  });
});

describe.skipIf(!hasTool('zip'))('archives of Info-ZIP [needs zip]', () => {
  it.each(['-6', '-0', '-fz', '-Z bzip2'])('read with zip %s', async (options) => {
    const folder = await tempFolder();
    const members = [
      ['sub/disk.raw', seededBytes(4, 100_000)],
      ['zeros', new Uint8Array(300_000)],
      ['empty', new Uint8Array(0)],
    ] as const;
    for (const [name, content] of members) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    await symlink('/etc/passwd', join(folder, 'link'));
    execFileSync(
      toolPath('zip') ?? 'zip',
      ['-q', '-r', '-y', ...options.split(' '), 'out.zip', 'sub', 'zeros', 'empty', 'link'],
      { cwd: folder },
    );
    const archive = new Uint8Array(await readFile(join(folder, 'out.zip')));
    const found = await listed(archive);
    expect(found.map(({ name, size }) => [name, size])).toEqual(
      members.map(([name, content]) => [name, content.length]),
    );
    for (const [at, member] of found.entries()) {
      expect(Buffer.compare(await collect(await member.stream()), members[at]?.[1] ?? new Uint8Array(0))).toBe(0);
    }
  });

  it('read what was packed from a pipe, with zip64 and the sizes behind the data', async () => {
    const packed = execFileSync(toolPath('zip') ?? 'zip', ['-q', '-', '-'], { input: file.content });
    const [member] = await listed(new Uint8Array(packed));
    expect(member?.size).toBe(5000);
    expect(Buffer.compare(await collect((await member?.stream()) ?? (async function* () {})()), file.content)).toBe(0);
  });
});
