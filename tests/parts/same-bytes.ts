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

/**
 * Demands that two files hold the same bytes; the first difference is named. A target may be larger than the disk on it
 * where `zerosBehind` says so: it must then end in zeros.
 */
export async function expectSameBytes(
  path: string,
  oracle: string,
  how: { zerosBehind?: boolean } = {},
): Promise<void> {
  await using ours = await open(path);
  await using theirs = await open(oracle);
  const [{ size }, { size: expected }] = await Promise.all([ours.stat(), theirs.stat()]);
  expect(size, `size of ${path}`).toBe(how.zerosBehind ? Math.max(size, expected) : expected);
  const a = Buffer.alloc(CHUNK);
  const b = Buffer.alloc(CHUNK);
  for (let offset = 0; offset < size; offset += CHUNK) {
    const { bytesRead } = await ours.read(a, 0, CHUNK, offset);
    const other = await theirs.read(b.fill(0), 0, CHUNK, offset);
    const length = Math.max(bytesRead, other.bytesRead);
    if (a.subarray(0, length).equals(b.subarray(0, length))) continue;
    const at = offset + a.findIndex((byte, index) => byte !== b[index]);
    throw new Error(`${path} differs from ${oracle} at ${at}`);
  }
}
