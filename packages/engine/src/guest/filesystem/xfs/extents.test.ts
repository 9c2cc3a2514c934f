import { expect, it } from 'vitest';
import { MemoryBytes } from '../../../../testing/memory-bytes.ts';
import { forkRuns } from './extents.ts';
import type { XfsInode } from './inode.ts';
import type { XfsSuperblock } from './superblock.ts';

const BLOCK = 1024;
const superblock: XfsSuperblock = {
  version: 5,
  blockSize: BLOCK,
  groupBlocks: 100,
  groups: 2,
  inodeSize: 512,
  groupBlocksLog: 7,
  inodesPerBlockLog: 1,
  directoryBlockSize: BLOCK,
  rootInode: 64,
  hasFileTypes: true,
};

function record(into: DataView, at: number, offset: number, block: number, count: number, unwritten = false): void {
  const word = (BigInt(offset) << 9n) | (BigInt(block) >> 43n) | (unwritten ? 1n << 63n : 0n);
  into.setBigUint64(at, word);
  into.setBigUint64(at + 8, ((BigInt(block) & ((1n << 43n) - 1n)) << 21n) | BigInt(count));
}

function node(disk: DataView, block: number, level: number, count: number): void {
  disk.setUint32(block * BLOCK, 0x424d4133);
  disk.setUint16(block * BLOCK + 4, level);
  disk.setUint16(block * BLOCK + 6, count);
}

/** Root (level 2) → node in block 10 → leaves in blocks 11 and 12. */
function tree(): { disk: Uint8Array; inode: XfsInode } {
  const disk = new Uint8Array(200 * BLOCK);
  const view = new DataView(disk.buffer);
  const fork = new Uint8Array(336);
  const root = new DataView(fork.buffer);
  root.setUint16(0, 2);
  root.setUint16(2, 1);
  root.setBigUint64(4 + 20 * 8, 10n);
  node(view, 10, 1, 2);
  const room = Math.floor((BLOCK - 72) / 16);
  view.setBigUint64(10 * BLOCK + 72 + 8, 50n);
  view.setBigUint64(10 * BLOCK + 72 + room * 8, 11n);
  view.setBigUint64(10 * BLOCK + 72 + room * 8 + 8, 12n);
  node(view, 11, 0, 2);
  record(view, 11 * BLOCK + 72, 0, 20, 5);
  record(view, 11 * BLOCK + 88, 5, 30, 5, true);
  node(view, 12, 0, 1);
  // Group 1, block 3: behind the 100 blocks of group 0.
  record(view, 12 * BLOCK + 72, 50, 128 + 3, 2);
  return { disk, inode: { kind: 'file', size: 52 * BLOCK, number: 70, format: 'btree', fork, extents: 3 } };
}

const all = { from: 0, to: 52 * BLOCK };

it('forkRuns() goes down a tree, over groups, and leaves out what was never written', async () => {
  const { disk, inode } = tree();
  expect(await forkRuns(new MemoryBytes(disk), superblock, inode, all)).toEqual([
    { offset: 0, length: 5 * BLOCK, stored: 20 * BLOCK },
    { offset: 50 * BLOCK, length: 2 * BLOCK, stored: 103 * BLOCK },
  ]);
  const part = { from: 50 * BLOCK, to: 51 * BLOCK };
  expect(await forkRuns(new MemoryBytes(disk), superblock, inode, part)).toHaveLength(1);
});

it('forkRuns() refuses a tree that leads to itself, or out of its groups', async () => {
  const loop = tree();
  new DataView(loop.disk.buffer).setBigUint64(10 * BLOCK + 72 + Math.floor((BLOCK - 72) / 16) * 8, 10n);
  await expect(forkRuns(new MemoryBytes(loop.disk), superblock, loop.inode, all)).rejects.toThrow(
    'no node of its tree',
  );
  const out = tree();
  record(new DataView(out.disk.buffer), 12 * BLOCK + 72, 50, 256 + 3, 2);
  await expect(forkRuns(new MemoryBytes(out.disk), superblock, out.inode, all)).rejects.toThrow('lies in no group');
});
