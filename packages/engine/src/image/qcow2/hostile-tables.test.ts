import { describe, expect, it } from 'vitest';
import {
  CLUSTER,
  DATA,
  DISK,
  GOOD,
  L1,
  L2,
  l2,
  packedAtEnd,
  readAll,
  refuse,
  refusesEach,
  scanAll,
  stored,
  type Refused,
} from '../../../testing/hostile-qcow2.ts';
import { expectSame } from '../../../testing/image-conformance.ts';
import { makeQcow2, packedWord, tablesFirst } from '../../../testing/make-qcow2.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { MiB } from '../../base/align.ts';

const L1_CASES: readonly Refused[] = [
  ...[0n, 8n, 56n, 62n].map((bit) => {
    return refuse(`reserved bit ${bit} of an L1 entry`, [[L1, stored(L2) | (1n << bit)]], 'image-damaged', /reserved/);
  }),
  refuse('an unaligned L1 table', [[40, BigInt(L1 + 8)]], 'image-damaged'),
  refuse('an L1 table over the header', [[40, 0n]], 'image-damaged', /over the header/),
  refuse('an L1 table behind the end', [[40, 2n ** 40n]], 'image-truncated'),
  refuse('an unaligned L2 table', [[L1, stored(L2 + 512)]], 'image-damaged', /not aligned/),
  refuse('an L2 table that is the L1 table', [[L1, stored(L1)]], 'image-damaged', /over the L1 table/),
  refuse('an L2 table behind the end', [[L1, stored(2 ** 40)]], 'image-truncated'),
  refuse('an L2 table at 2^55', [[L1, 2n ** 55n]], 'image-truncated'),
  refuse(
    'one L2 table for two parts',
    [
      [24, BigInt(4 * MiB)],
      [36, 2],
      [L1 + 8, stored(L2)],
    ],
    'image-damaged',
    /twice/,
  ),
];

const L2_CASES: readonly Refused[] = [
  ...[1n, 8n, 56n, 61n].map((bit) => {
    return refuse(`reserved bit ${bit} of an L2 entry`, [l2(stored(DATA) | (1n << bit))], 'image-damaged', /reserved/);
  }),
  refuse('an unaligned cluster', [l2(stored(DATA + 512))], 'image-damaged', /not aligned/),
  refuse('a cluster behind the end', [l2(stored(2 ** 40))], 'image-truncated'),
  refuse('a cluster at 2^55', [l2(2n ** 55n)], 'image-truncated'),
  refuse('a cluster that is the L2 table', [l2(stored(L2))], 'image-damaged', /over an L2 table/),
  refuse('a cluster that is the L1 table', [l2(stored(L1))], 'image-damaged', /over the L1 table/),
  refuse('a cluster that is the header', [l2(1n << 63n)], 'image-damaged'),
  refuse('a zero cluster in version 2', [[4, 2], l2(stored(DATA) | 1n)], 'image-damaged', /version 2/),
  refuse('a packed cluster behind the end', [l2(packedWord(12, 2 ** 40, 100))], 'image-truncated'),
  refuse('a packed cluster in the header', [l2(packedWord(12, 100, 100))], 'image-damaged'),
  refuse('a packed cluster over the L2 table', [l2(packedWord(12, L2 - 100, 200))], 'image-damaged'),
  refuse('a packed cluster of noise', [l2(packedWord(12, DATA + 16 * CLUSTER - 600, 600))], 'image-damaged'),
  refuse(
    'reserved bits in the offset of a packed cluster',
    [l2((1n << 62n) | (1n << 57n) | stored(DATA))],
    'image-damaged',
  ),
  {
    title: 'a packed cluster that gives too much',
    file: packedAtEnd(DISK.slice(0, 2 * CLUSTER)),
    code: 'image-damaged',
  },
  { title: 'a packed bomb', file: packedAtEnd(new Uint8Array(64 * MiB)), code: 'image-damaged' },
  { title: 'a packed cluster that gives too little', file: packedAtEnd(DISK.slice(0, 100)), code: 'image-damaged' },
  {
    title: 'a packed cluster whose last sector is missing',
    file: packedAtEnd(seededBytes(1, CLUSTER), 0).slice(0, -600),
    code: 'image-truncated',
  },
];

describe('hostile L1 tables', () => refusesEach(L1_CASES));
describe('hostile L2 tables', () => refusesEach(L2_CASES));

describe('qcow2 images that end early', () => {
  it('are refused wherever they end', async () => {
    for (let length = 4; length < GOOD.length; length += 511) {
      await expect(readAll(GOOD.slice(0, length))).rejects.toMatchObject({ code: 'image-truncated' });
    }
  });

  it('are read where only the padding of a packed cluster is missing', async () => {
    const file = packedAtEnd(DISK.slice(0, CLUSTER), 0);
    expect(file.length % 512).not.toBe(0);
    expectSame(await readAll(file), DISK, 0);
    expectSame(await scanAll(file), DISK, 0);
  });

  it('are read where only what lies behind the end of the disk is missing', async () => {
    const disk = DISK.slice(0, 3 * CLUSTER + 512);
    const whole = makeQcow2({ disk, clusterBits: 12, kindOf: () => 'plain', order: tablesFirst });
    const file = whole.slice(0, DATA + disk.length);
    expectSame(await readAll(file), disk, 0);
    expectSame(await scanAll(file), disk, 0);
    await expect(readAll(file.slice(0, -1))).rejects.toMatchObject({ code: 'image-truncated' });
    await expect(scanAll(file.slice(0, -1))).rejects.toMatchObject({ code: 'image-truncated' });
  });
});
