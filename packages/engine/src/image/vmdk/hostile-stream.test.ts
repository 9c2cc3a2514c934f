import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { streamVmdk } from '../../../testing/vmdk-image.ts';
import {
  changed,
  DISK,
  expectRefused,
  open,
  passed,
  u32,
  u64,
  whole,
  WRONG_HEADERS,
  HUGE,
  type Case,
} from '../../../testing/vmdk-refusals.ts';
import { MiB } from '../../base/align.ts';

const STREAM = streamVmdk(DISK);

const PLACES: readonly Case[] = [
  { name: 'no end mark', change: (b) => b.subarray(0, -512), code: 'image-truncated' },
  { name: 'no footer', change: (b, at) => b.subarray(0, (at.footer ?? 0) - 512), code: 'image-truncated' },
  { name: 'half of its bytes', change: (b) => b.subarray(0, b.length >> 1), code: 'image-truncated' },
  {
    name: 'a footer without its marker',
    change: (b, at) => u32((at.footer ?? 0) - 500, 1)(b),
    code: 'image-truncated',
  },
  { name: 'a footer of another size', change: (b, at) => u64((at.footer ?? 0) + 12, 8n)(b), code: 'image-damaged' },
  {
    name: 'a footer that points to the end',
    change: (b, at) => u64((at.footer ?? 0) + 56, 2n ** 64n - 1n)(b),
    code: 'image-damaged',
  },
  {
    name: 'a footer with a directory behind the end',
    change: (b, at) => u64((at.footer ?? 0) + 56, 1n << 40n)(b),
    code: 'image-truncated',
  },
  { name: 'a table behind the end', change: (b, at) => u32(at.directory, 0x7fffffff)(b), code: 'image-truncated' },
  { name: 'a grain behind the end', change: (b, at) => u32(at.tables[0] ?? 0, 0x7fffffff)(b), code: 'image-truncated' },
  {
    name: 'a grain on the header',
    change: (b, at) => u32(at.tables[0] ?? 0, 1)(b),
    code: 'image-damaged',
    offset: 512,
  },
  {
    name: 'a grain whose bytes are changed',
    change: (b, at) => void b.fill(0x55, (at.grains[3] ?? 0) + 40, (at.grains[3] ?? 0) + 50),
    code: 'image-damaged',
  },
  {
    name: 'a grain whose Adler-32 is changed',
    change: (b, at) => wrongSum(b, at.grains[2] ?? 0),
    code: 'image-damaged',
  },
  {
    name: 'a grain that unpacks to more',
    change: (b, at) => repack(b, at.grains[1] ?? 0, 8192),
    code: 'image-damaged',
  },
  {
    name: 'a grain that unpacks to less',
    change: (b, at) => repack(b, at.grains[1] ?? 0, 1000),
    code: 'image-damaged',
  },
  {
    name: 'a grain that unpacks to 64 MiB',
    change: (b, at) => repack(b, at.grains[1] ?? 0, 4 * MiB),
    code: 'image-damaged',
  },
];

function wrongSum(bytes: Buffer, grain: number): void {
  const end = grain + 12 + bytes.readUInt32LE(grain + 8);
  bytes[end - 1] = (bytes[end - 1] ?? 0) ^ 1;
}

/** Other content in the place of a packed grain; zeros, so that it fits. */
function repack(bytes: Buffer, grain: number, length: number): void {
  const packed = deflateSync(new Uint8Array(length));
  bytes.set(packed, grain + 12);
  bytes.writeUInt32LE(packed.length, grain + 8);
}

describe('a hostile VMDK stream', () => {
  for (const { name, change, code, offset } of [...WRONG_HEADERS, ...PLACES]) {
    it(`with ${name} is refused as ${code}`, async () => {
      await expectRefused(changed(STREAM, change), code, name.includes('under that') ? undefined : offset);
    });
    it(`with ${name} is refused when it passes by`, async () => {
      await expect(passed(changed(STREAM, change))).rejects.toMatchObject({ code: expect.stringMatching(/^image-/) });
    });
  }

  const PASSING: readonly Case[] = [
    { name: 'a grain that came before', change: (b, at) => u64(at.grains[1] ?? 0, 0n)(b), code: 'image-damaged' },
    { name: 'a grain behind the disk', change: (b, at) => u64(at.grains[1] ?? 0, 1n << 30n)(b), code: 'image-damaged' },
    { name: 'a grain at 2^63', change: (b, at) => u64(at.grains[1] ?? 0, HUGE)(b), code: 'image-damaged' },
    { name: 'a grain between two grains', change: (b, at) => u64(at.grains[1] ?? 0, 9n)(b), code: 'image-damaged' },
    { name: 'a grain of 4 GiB', change: (b, at) => u32((at.grains[1] ?? 0) + 8, 0xffffffff)(b), code: 'image-damaged' },
    { name: 'a marker of type 9', change: (b, at) => u32((at.tables[0] ?? 0) - 500, 9)(b), code: 'image-damaged' },
    {
      name: 'a table of 2^40 sectors',
      change: (b, at) => u64((at.tables[0] ?? 0) - 512, 1n << 40n)(b),
      code: 'image-damaged',
    },
    {
      name: 'a table that lists other grains',
      change: (b, at) => u32((at.tables[0] ?? 0) + 8, 77)(b),
      code: 'image-damaged',
    },
    {
      name: 'a table that lists one grain more',
      change: (b, at) => u32((at.tables[0] ?? 0) + 1600, 77)(b),
      code: 'image-damaged',
    },
    { name: 'a directory that names no table', change: (b, at) => u32(at.directory, 77)(b), code: 'image-damaged' },
    {
      name: 'a directory that is not where the footer says',
      change: (b, at) => u64((at.footer ?? 0) + 56, 77n)(b),
      code: 'image-damaged',
    },
    {
      name: 'something behind its end mark',
      change: (b) => Buffer.concat([b, Buffer.from('x')]),
      code: 'image-damaged',
    },
    {
      name: 'an end mark in the middle',
      change: (b, at) => void b.fill(0, at.grains[5], (at.grains[5] ?? 0) + 512),
      code: 'image-truncated',
    },
  ];
  for (const { name, change, code } of PASSING) {
    it(`with ${name} is refused as ${code} when it passes by`, async () => {
      await expect(passed(changed(STREAM, change))).rejects.toMatchObject({ code, offset: expect.any(Number) });
    });
  }

  it('is cut at any grain and refused, in both ways of reading', async () => {
    for (const cut of STREAM.at.grains) {
      await expect(passed(STREAM.bytes.subarray(0, cut))).rejects.toMatchObject({ code: 'image-truncated' });
      await expectRefused(STREAM.bytes.subarray(0, cut), 'image-truncated');
    }
  });

  it('without markers is read by its tables and not in one pass', async () => {
    const file = changed(STREAM, (b, at) => {
      for (const header of [0, at.footer ?? 0]) u32(header + 8, 0x10001)(b);
      for (const grain of at.grains) b.copyWithin(grain, grain + 12, grain + 12 + b.readUInt32LE(grain + 8));
    });
    expect(await whole(await open(file))).toEqual(DISK);
    await expect(passed(file)).rejects.toMatchObject({ code: 'image-second-pass' });
  });
});
