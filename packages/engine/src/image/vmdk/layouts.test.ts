import { describe, expect, it } from 'vitest';
import { diskContent } from '../../../testing/disk-content.ts';
import { imageConformance, surroundings } from '../../../testing/image-conformance.ts';
import { MemoryBytes } from '../../../testing/memory-bytes.ts';
import { cowdExtent, descriptorText, sparseVmdk, streamVmdk, type StreamShape } from '../../../testing/vmdk-image.ts';
import { KiB, MiB, TiB } from '../../base/align.ts';
import type { Bytes, Run } from '../../base/bytes.ts';
import { vmdk } from './vmdk.ts';

/** Layouts that qemu-img does not write: made here, read back against the disk they were made of. */
const DISK = diskContent('mix', 3 * MiB + 512);
const HEAD = diskContent('mix', 200 * KiB);

const STREAMS: readonly [string, StreamShape][] = [
  ['the directory at the end', {}],
  ['a last grain that is cut', { wholeLastGrain: false }],
  ['padding behind the end mark', { padding: 100 * KiB }],
  ['progress markers', { progress: true }],
  ['progress markers and padding', { progress: true, padding: 2048 }],
  ['grains in no order', { order: (grains) => grains.toReversed() }],
  ['grains of 64 KiB', { grain: 128 }],
  ['grains of 64 KiB, the last one cut', { grain: 128, wholeLastGrain: false }],
];
for (const [name, shape] of STREAMS) {
  const file = new MemoryBytes(streamVmdk(DISK, shape).bytes);
  imageConformance(`a stream with ${name}`, async () => ({ format: vmdk, file, disk: DISK }));
}

const SPARSE = new MemoryBytes(sparseVmdk(DISK).bytes);
imageConformance('a sparse disk with grains of 4 KiB', async () => ({ format: vmdk, file: SPARSE, disk: DISK }));

imageConformance('a disk of every kind of extent', async () => {
  const lines = [
    `RW ${HEAD.length / 512} VMFSSPARSE "C:\\vms\\first-delta.vmdk"`,
    'RW 2048 ZERO',
    `RDONLY ${MiB / 512} FLAT "/vmfs/volumes/a b/flat"2.bin" 8`,
    `RW 1000 SPARSE "../s001.vmdk"`,
    `RW ${MiB / 512} VMFS "raw-flat.vmdk"`,
  ];
  const [noise, text] = [diskContent('random', MiB), diskContent('text', MiB)];
  return {
    format: vmdk,
    file: new MemoryBytes(Buffer.from(descriptorText({ createType: 'custom', extents: lines }))),
    disk: Buffer.concat([HEAD, new Uint8Array(MiB), noise, DISK.subarray(0, 512_000), text]),
    companions: {
      'first-delta.vmdk': new MemoryBytes(cowdExtent(HEAD).bytes),
      'flat"2.bin': new MemoryBytes(Buffer.concat([new Uint8Array(4096), noise])),
      's001.vmdk': new MemoryBytes(sparseVmdk(DISK, { descriptor: null }).bytes),
      'raw-flat.vmdk': new MemoryBytes(text),
    },
    scannable: false,
  };
});

describe('VMDK layouts', () => {
  it('maps an empty disk of 8 TiB whose tables were all made in advance in under two seconds of one core', async () => {
    const { file, tables } = preallocated(8 * TiB);
    const started = process.cpuUsage();
    const image = await vmdk.open(file, surroundings());
    const runs = await listed(image.extents({ offset: 0, length: image.size }));
    expect(runs).toEqual([{ kind: 'hole', offset: 0, length: 8 * TiB }]);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1e6).toBeLessThan(2);
    expect(tables.requests).toBeLessThan(300);
  });

  it('maps an empty disk of 8 TiB without tables in a few requests', async () => {
    const { file, tables } = preallocated(8 * TiB, { empty: true });
    const image = await vmdk.open(file, surroundings());
    expect(await listed(image.extents({ offset: 0, length: image.size }))).toHaveLength(1);
    expect(tables.requests).toBeLessThan(20);
  });

  it('passes on what a sparse file knows about the holes of a flat extent', async () => {
    const text = descriptorText({ createType: 'monolithicFlat', extents: ['RW 64 FLAT "flat.vmdk" 8'] });
    const flat = withRuns(new MemoryBytes(new Uint8Array(36 * KiB)), [
      { kind: 'data', offset: 0, length: 8 * KiB },
      { kind: 'hole', offset: 8 * KiB, length: 28 * KiB },
    ]);
    const image = await vmdk.open(new MemoryBytes(Buffer.from(text)), surroundings({ 'flat.vmdk': flat }));
    expect(await listed(image.extents({ offset: 1024, length: 8 * KiB }))).toEqual([
      { kind: 'data', offset: 1024, length: 3 * KiB, stored: { form: 'plain', file: 0, offset: 5 * KiB } },
      { kind: 'hole', offset: 4 * KiB, length: 5 * KiB },
    ]);
  });

  it('reads a name in the encoding that the descriptor declares', async () => {
    const lines = ['RW 2 FLAT "', '" 0'];
    const [before = '', after = ''] = descriptorText({
      header: ['version=1', 'encoding="Shift_JIS"'],
      extents: [lines.join('\u0000')],
    }).split('\u0000');
    // 表 is 95 5C: its second byte is a backslash.
    const file = Buffer.concat([Buffer.from(before), Buffer.from([0x95, 0x5c]), Buffer.from(`.vmdk${after}`)]);
    const image = await vmdk.open(
      new MemoryBytes(file),
      surroundings({ '表.vmdk': new MemoryBytes(new Uint8Array(1024)) }),
    );
    expect(image.size).toBe(1024);
  });

  it('takes a descriptor behind a byte order mark, with carriage returns', async () => {
    const text = `\ufeff\r\n${descriptorText({ extents: ['RW 2 ZERO'], createType: 'custom' }).replaceAll('\n', '\r\n')}`;
    const file = new MemoryBytes(Buffer.from(text));
    expect(vmdk.probe({ head: Buffer.from(text), tail: new Uint8Array(0), size: file.size })).toBe(true);
    expect((await vmdk.open(file, surroundings())).facts.subformat).toBe('custom');
  });
});

async function listed<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  return Array.fromAsync(items);
}

function withRuns(file: Bytes, runs: readonly Run[]): Bytes {
  return {
    size: file.size,
    read: (offset, into, signal) => file.read(offset, into, signal),
    async *runs(within) {
      for (const run of runs) {
        const offset = Math.max(run.offset, within.offset);
        const length = Math.min(run.offset + run.length, within.offset + within.length) - offset;
        if (length > 0) yield { kind: run.kind, offset, length };
      }
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** The head of a huge sparse disk, with its directory, and zeros for all the rest. Counts what is asked for. */
function preallocated(
  size: number,
  how: { readonly empty?: boolean } = {},
): { file: Bytes; tables: { requests: number } } {
  const span = 64 * KiB * 512;
  const count = size / span;
  const head = Buffer.alloc(64 * KiB + count * 4);
  const made = sparseVmdk(new Uint8Array(MiB), { grain: 128, capacity: size / 512 });
  head.set(made.bytes.subarray(0, 64 * KiB));
  head.writeBigUInt64LE(128n, 56);
  const first = Math.ceil(head.length / 512);
  for (let table = 0; table < count && !how.empty; table++) head.writeUInt32LE(first + table * 4, 64 * KiB + table * 4);
  const tables = { requests: 0 };
  const file: Bytes = {
    size: (first + count * 4) * 512,
    async read(offset, into) {
      tables.requests++;
      into.fill(0);
      if (offset < head.length) into.set(head.subarray(offset, offset + into.length));
    },
    async [Symbol.asyncDispose]() {},
  };
  return { file, tables };
}
