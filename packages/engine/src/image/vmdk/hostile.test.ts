import { describe, expect, it } from 'vitest';
import { sparseVmdk, cowdExtent, descriptorText } from '../../../testing/vmdk-image.ts';
import {
  changed,
  DISK,
  expectRefused,
  nothingIsAskedFor,
  open,
  passed,
  u32,
  u64,
  whole,
  WRONG_HEADERS,
  HUGE,
  seSparse,
  type Case,
} from '../../../testing/vmdk-refusals.ts';
import type { ErrorCode } from '../../base/errors.ts';
import { vmdk } from './vmdk.ts';

const SPARSE = sparseVmdk(DISK);

const TABLES: readonly Case[] = [
  { name: 'a directory behind the end', change: (b) => both(b, 1n << 40n), code: 'image-truncated' },
  { name: 'a directory at 2^63', change: u64(56, HUGE), code: 'image-damaged', offset: 56 },
  { name: 'a directory on the header', change: (b) => both(b, 0n), code: 'image-damaged', offset: 56 },
  { name: 'a directory on the descriptor', change: (b) => both(b, 3n), code: 'image-damaged', offset: 56 },
  {
    name: 'a table behind the end',
    change: (b, at) => u32(at.directory, 0x7fffffff)(b),
    code: 'image-truncated',
    offset: 0x7fffffff * 512,
  },
  {
    name: 'a table that ends behind the end',
    change: (b, at) => u32(at.directory, b.length / 512)(b),
    code: 'image-truncated',
  },
  { name: 'a table on the header', change: (b, at) => u32(at.directory, 1)(b), code: 'image-damaged', offset: 512 },
  {
    name: 'a table on the directory',
    change: (b, at) => u32(at.directory, at.directory / 512)(b),
    code: 'image-damaged',
  },
  {
    name: 'a grain behind the end',
    change: (b, at) => u32(at.tables[0] ?? 0, 0xffffffff)(b),
    code: 'image-truncated',
    offset: 0xffffffff * 512,
  },
  {
    name: 'a grain on the header',
    change: (b, at) => u32(at.tables[0] ?? 0, 1)(b),
    code: 'image-damaged',
    offset: 512,
  },
  {
    name: 'a grain on the descriptor',
    change: (b, at) => u32(at.tables[0] ?? 0, 2)(b),
    code: 'image-damaged',
    offset: 1024,
  },
  {
    name: 'a grain on the directory',
    change: (b, at) => u32(at.tables[0] ?? 0, at.directory / 512)(b),
    code: 'image-damaged',
  },
  { name: 'an end in the middle of the last grain', change: (b) => b.subarray(0, -512), code: 'image-truncated' },
  {
    name: 'an end in the middle of the tables',
    change: (b, at) => b.subarray(0, (at.tables[0] ?? 0) + 512),
    code: 'image-truncated',
  },
];

/** Both directories, so that the redundant one does not help. */
function both(bytes: Buffer, sector: bigint): void {
  u64(56, sector)(bytes);
  u64(48, sector)(bytes);
}

describe('a hostile sparse VMDK', () => {
  for (const { name, change, code, offset } of [...WRONG_HEADERS, ...TABLES]) {
    it(`with ${name} is refused as ${code}`, async () => {
      await expectRefused(changed(SPARSE, change), code, offset);
    });
  }

  it('is refused by its first directory even where the redundant one is good, if the flag is not set', async () => {
    const file = changed(SPARSE, (b) => {
      u64(56, 1n << 40n)(b);
      u32(8, 1)(b);
    });
    await expectRefused(file, 'image-truncated');
  });

  it('is read by the redundant directory where the flag is set, and says so', async () => {
    const image = await open(changed(SPARSE, u64(56, 1n << 40n)));
    expect(await whole(image)).toEqual(DISK);
    expect(image.facts.warnings).toEqual([expect.stringContaining('redundant')]);
  });

  it('has zeros for entry 1 where the flag is set, and says that it was not closed', async () => {
    const file = changed(SPARSE, (b, at) => {
      u32(8, 7)(b);
      u32(at.tables[0] ?? 0, 1)(b);
      b[72] = 1;
    });
    const image = await open(file);
    expect((await whole(image)).subarray(0, 4096)).toEqual(new Uint8Array(4096));
    expect(image.facts.warnings).toEqual([expect.stringContaining('not closed cleanly')]);
  });

  it('has the capacity of its header where the descriptor lists less, and says so', async () => {
    const text = descriptorText({ extents: ['RW 8 SPARSE "x"'] });
    const image = await open(sparseVmdk(DISK, { descriptor: text }).bytes);
    expect(image.size).toBe(DISK.length);
    expect(image.facts.warnings).toEqual([expect.stringContaining('4096')]);
  });

  for (const lines of [['RW 200 FLAT "/etc/passwd" 0'], ['RW 100 SPARSE "a"', 'RW 100 FLAT "/etc/passwd" 0']]) {
    it(`whose own descriptor lists ${lines.join(' and ')} is refused and opens nothing`, async () => {
      const { bytes } = sparseVmdk(DISK, { descriptor: descriptorText({ extents: lines }) });
      await expectRefused(bytes, 'image-unsupported', 512, nothingIsAskedFor());
    });
  }
});

describe('an extent of a VMDK alone', () => {
  const CASES: readonly [string, Uint8Array, ErrorCode][] = [
    ['of ESX', cowdExtent(DISK).bytes, 'image-extent-missing'],
    ['of a split disk', sparseVmdk(DISK, { descriptor: null }).bytes, 'image-extent-missing'],
    ['with empty room for a descriptor', sparseVmdk(DISK, { descriptor: '' }).bytes, 'image-extent-missing'],
    ['that is space-efficient', seSparse(), 'image-unsupported'],
    ['that was not finished', changed(SPARSE, (bytes) => void bytes.write('kdmv')), 'image-truncated'],
  ];
  for (const [name, bytes, code] of CASES) {
    it(`${name} is claimed and refused, in both ways of reading`, async () => {
      expect(vmdk.probe({ head: bytes, tail: new Uint8Array(0), size: bytes.length })).toBe(true);
      await expectRefused(bytes, code);
      await expect(passed(bytes)).rejects.toMatchObject({ code });
    });
  }

  it('is the descriptor in a stream: its extents are elsewhere', async () => {
    const text = Buffer.from(descriptorText({ extents: ['RW 8 FLAT "x" 0'] }));
    await expect(passed(text)).rejects.toMatchObject({ code: 'image-extent-missing' });
  });
});
