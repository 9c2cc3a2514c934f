import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';

const EDGE = 1024 * 1024;

/** Demands of what lies behind the disk what the report says of it: all zero, or its first and last MiB and no more. */
export async function expectBehind(path: string, diskSize: number, behind: string): Promise<void> {
  const tail = (await readFile(path)).subarray(diskSize);
  expect(['zero', 'edges-zero']).toContain(behind);
  expect(isZero(tail.subarray(0, EDGE)), 'the first MiB behind the disk is zero').toBe(true);
  expect(isZero(tail.subarray(-EDGE)), 'the last MiB of the target is zero').toBe(true);
  expect(isZero(tail), 'all of it is zero').toBe(behind === 'zero');
}

function isZero(part: Uint8Array): boolean {
  return part.every((byte) => byte === 0);
}
