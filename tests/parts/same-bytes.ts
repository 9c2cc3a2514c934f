import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { expect } from 'vitest';

const CHUNK = 4 * 1024 * 1024;

/** The SHA-256 of a file, as `sha256sum` gives it. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Demands that two files hold the same bytes; the first difference is named. */
export async function expectSameBytes(path: string, oracle: string): Promise<void> {
  await using ours = await open(path);
  await using theirs = await open(oracle);
  const sizes = await Promise.all([ours.stat(), theirs.stat()]);
  expect(sizes[0].size, `size of ${path}`).toBe(sizes[1].size);
  const a = Buffer.alloc(CHUNK);
  const b = Buffer.alloc(CHUNK);
  for (let offset = 0; offset < sizes[0].size; offset += CHUNK) {
    const [read] = await Promise.all([ours.read(a, 0, CHUNK, offset), theirs.read(b, 0, CHUNK, offset)]);
    const at = a.subarray(0, read.bytesRead).equals(b.subarray(0, read.bytesRead))
      ? -1
      : a.findIndex((byte, i) => byte !== b[i]);
    expect(at < 0 ? 'equal' : `differs at ${offset + at}`, path).toBe('equal');
  }
}
