import { expect, it } from 'vitest';
import { KiB, MiB } from './align.ts';
import { Buffers, isPageAligned, sharedBuffer } from './buffers.ts';

it('gives buffers of its size that begin at a page, lie in shared memory and do not overlap', () => {
  const buffers = new Buffers(192 * KiB);
  const taken = Array.from({ length: 5 }, () => buffers.take());
  for (const [index, buffer] of taken.entries()) {
    expect(buffer).toHaveLength(192 * KiB);
    expect(buffer.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(isPageAligned(buffer)).toBe(true);
    buffer.fill(index + 1);
  }
  for (const [index, buffer] of taken.entries()) expect(buffer.every((byte) => byte === index + 1)).toBe(true);
});

it('gives a buffer that came back before it takes new memory', () => {
  const buffers = new Buffers(MiB);
  const first = buffers.take();
  buffers.give(first);
  expect(buffers.take()).toBe(first);
});

it('goes on with other memory when its own is used up', () => {
  const buffers = new Buffers(64 * KiB);
  const taken = Array.from({ length: 100 }, () => buffers.take());
  expect(new Set(taken).size).toBe(100);
  expect(taken.every((buffer) => buffer.length === 64 * KiB)).toBe(true);
  expect(isPageAligned(taken[0] as Uint8Array)).toBe(true);
  expect(isPageAligned(taken[99] as Uint8Array)).toBe(false);
});

it('lends a buffer and takes it back, also after a failure', async () => {
  const buffers = new Buffers(64 * KiB);
  let lent: Uint8Array | undefined;
  const lending = buffers.lend(async (buffer) => {
    lent = buffer;
    throw new Error('no');
  });
  await expect(lending).rejects.toThrow('no');
  expect(buffers.take()).toBe(lent);
});

it('calls no other memory aligned, nor a place in the middle of a page', () => {
  const aligned = new Buffers(64 * KiB).take();
  expect(isPageAligned(aligned.subarray(512))).toBe(false);
  expect(isPageAligned(aligned.subarray(4096))).toBe(true);
  expect(isPageAligned(sharedBuffer(4096))).toBe(false);
  expect(isPageAligned(new Uint8Array(4096))).toBe(false);
});
