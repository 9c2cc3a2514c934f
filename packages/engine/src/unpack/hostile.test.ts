import { execFileSync } from 'node:child_process';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MiB } from '../base/align.ts';
import { isZero } from '../base/zero.ts';
import { collect, MemoryBytes, streamOf } from '../../testing/memory-bytes.ts';
import { mutated } from '../../testing/mutate.ts';
import { fuzzTime } from '../../testing/fuzz-time.ts';
import { seededBytes, seededRandom } from '../../testing/seeded.ts';
import { makeTar } from '../../testing/tar-maker.ts';
import { hasTool, toolPath } from '../../testing/tools.ts';
import { refusalOf } from '../../testing/unpack-conformance.ts';
import { bzip2 } from './bzip2/bzip2.ts';
import { gzip } from './gzip/gzip.ts';
import { parseDescriptor } from './ova/descriptor.ts';
import type { Archive, Compression } from './package.ts';
import { tar } from './tar/tar.ts';
import { xz } from './xz/xz.ts';
import { zip } from './zip/zip.ts';
import { zstd } from './zstd/zstd.ts';

/** How long each parser is fuzzed here; every case is a function of its number. */
const FUZZ_MS = 1000;
/** What a mutated header may make a case unpack; honest content of the seeds is far below. */
const OUTPUT_LIMIT = 64 * MiB;

/** CPU, not wall time: other work on the machine is not the parser's fault. */
async function fuzz(seeds: readonly Uint8Array[], exercise: (content: Uint8Array) => Promise<unknown>): Promise<void> {
  const { seed, milliseconds } = fuzzTime({ seed: 0, milliseconds: FUZZ_MS });
  const end = Date.now() + milliseconds;
  for (let number = seed * 1_000_000; Date.now() < end; number++) {
    const random = seededRandom(number);
    const content = new Uint8Array(mutated(seeds[number % seeds.length] ?? new Uint8Array(0), random));
    const before = process.cpuUsage();
    const code = await refusalOf(() => exercise(content)).catch((cause: unknown) => {
      throw new Error(`case ${number}`, { cause });
    });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000, `case ${number}`).toBeLessThan(1000);
    if (code !== undefined) expect(code, `case ${number}`).toMatch(/^package-/);
  }
}

async function drained(compression: Compression, packed: Uint8Array): Promise<void> {
  let size = 0;
  for await (const chunk of compression.decode(streamOf(packed, [4096]))) {
    size += chunk.length;
    if (size > OUTPUT_LIMIT) return;
  }
}

async function readByRange(archive: Archive, content: Uint8Array): Promise<void> {
  for (const member of await archive.list(new MemoryBytes(content))) {
    if (member.size > OUTPUT_LIMIT) continue;
    await collect(await member.stream());
    await member.bytes?.read(0, new Uint8Array(member.size));
  }
}

async function readByStream(archive: Archive, content: Uint8Array): Promise<void> {
  for await (const { size, content: stream } of archive.pass?.(streamOf(content)) ?? []) {
    if (size <= OUTPUT_LIMIT) await collect(stream);
  }
}

const text = Buffer.from('disk image '.repeat(200));
const mixed = Buffer.concat([seededBytes(1, 600), text, new Uint8Array(3000)]);

function packedBy(tool: string, ...args: readonly string[]): Uint8Array {
  return execFileSync(toolPath(tool) ?? tool, [...args], { input: mixed });
}

describe('mutated packages are read or refused, and nothing else', () => {
  it('gzip', () => fuzz([gzipSync(mixed), gzipSync(text)], (content) => drained(gzip, content)));

  it('zstd', () => {
    const frame = zstdCompressSync(mixed);
    return fuzz(
      [frame, Buffer.concat([Buffer.from('502a4d180200000000', 'hex'), Buffer.of(0), frame])],
      async (content) => {
        await zstd.contentSize?.(new MemoryBytes(content));
        await drained(zstd, content);
      },
    );
  });

  it.skipIf(!hasTool('xz'))('xz [needs xz]', () => {
    return fuzz(
      [[], ['--block-size=1000', '--check=sha256'], ['--x86', '--delta', '--lzma2']].map((args) =>
        packedBy('xz', '-c', ...args),
      ),
      async (content) => {
        await refusalOf(async () => xz.contentSize?.(new MemoryBytes(content)));
        await drained(xz, content);
      },
    );
  });

  it.skipIf(!hasTool('bzip2'))('bzip2 [needs bzip2]', () => {
    const packed = execFileSync(toolPath('bzip2') ?? 'bzip2', ['-c', '-1'], { input: mixed });
    return fuzz([packed, Buffer.concat([packed, packed])], (content) => drained(bzip2, content));
  });

  it('tar', () => {
    const sparse = (version: 'old' | '0.0' | '0.1' | '1.0') => ({
      name: 's',
      content: mixed,
      sparse: {
        version,
        pieces: [
          [0, 512],
          [1024, 1024],
          [4096, 512],
        ] as const,
      },
    });
    const plain = [
      { name: 'a', content: mixed },
      { name: 'n'.repeat(150), content: text, dialect: 'gnu' as const },
    ];
    const seeds = [
      makeTar([...plain, sparse('old')]),
      makeTar([sparse('0.0'), sparse('0.1'), sparse('1.0'), ...plain]),
    ];
    return fuzz(seeds, async (content) => {
      tar.probe(content.subarray(0, 512));
      await refusalOf(() => readByStream(tar, content));
      await readByRange(tar, content);
    });
  });

  it.skipIf(!hasTool('zip'))('zip [needs zip]', () => {
    return fuzz([packedBy('zip', '-q', '-', '-'), packedBy('zip', '-q', '-Z', 'bzip2', '-', '-')], (content) =>
      readByRange(zip, content),
    );
  });

  it('OVF', () => {
    const ovf =
      '<?xml version="1.0"?><Envelope xmlns:o="x"><References><File o:id="f" o:href="d.vmdk"/></References><DiskSection><Disk o:diskId="d" o:fileRef="f" o:capacity="1" o:capacityAllocationUnits="byte * 2^30"/></DiskSection></Envelope>';
    return fuzz([Buffer.from(ovf)], async (content) => parseDescriptor(content));
  });
});

describe('bombs stream through in flat memory', () => {
  const cases = [
    { compression: gzip, tool: 'gzip', args: ['-1'], size: 256 * MiB },
    { compression: zstd, tool: 'zstd', args: ['-q'], size: 256 * MiB },
    { compression: xz, tool: 'xz', args: ['-1'], size: 128 * MiB },
    { compression: bzip2, tool: 'bzip2', args: ['-1'], size: 64 * MiB },
  ];
  for (const { compression, tool, args, size } of cases) {
    it.skipIf(!hasTool(tool))(`${compression.name}: ${size / MiB} MiB of zeros [needs ${tool}]`, async () => {
      const command = `head -c ${size} /dev/zero | ${tool} ${args.join(' ')}`;
      const packed = new Uint8Array(execFileSync('sh', ['-c', command], { maxBuffer: 64 * MiB }));
      expect(await growthOver(compression, packed, size)).toBeLessThan(160 * MiB);
    });
  }
});

/** By how many bytes the process grew while `size` zeros passed. */
async function growthOver(compression: Compression, packed: Uint8Array, size: number): Promise<number> {
  let [passed, most] = [0, 0];
  const before = process.memoryUsage.rss();
  for await (const chunk of compression.decode(streamOf(packed))) {
    if (passed % (16 * MiB) < chunk.length) expect(isZero(chunk)).toBe(true);
    passed += chunk.length;
    most = Math.max(most, process.memoryUsage.rss() - before);
  }
  expect(passed).toBe(size);
  return most;
}
