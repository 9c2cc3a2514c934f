import { randomUUID } from 'node:crypto';
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asPng, readPpm } from './png.ts';
import { converse, type Execute } from './qmp.ts';

/** The largest picture of the display has 16 Mi points: that is the memory of the card. */
export const PICTURE_LIMIT = 64 * 2 ** 20;
const PREFIX = 'screen-';

/**
 * The screen of the guest that listens in `folder`, as PNG. QEMU before 7.1, or built without libpng, only writes PPM.
 * @throws an Error where the guest gives none
 */
export async function takeScreen(guest: {
  readonly folder: string;
  readonly name: string;
  readonly signal: AbortSignal;
}): Promise<Uint8Array> {
  const file = `${PREFIX}${randomUUID()}`;
  const path = join(guest.folder, file);
  try {
    const format = await converse(guest, (execute) => dump(execute, file));
    const bytes = await readWithin(path, PICTURE_LIMIT);
    return format === 'png' ? bytes : await asPng(readPpm(bytes));
  } finally {
    await rm(path, { force: true });
  }
}

async function dump(execute: Execute, filename: string): Promise<'png' | 'ppm'> {
  try {
    await execute('screendump', { filename, format: 'png' });
    return 'png';
  } catch (error) {
    if (!/format|PNG/i.test((error as Error).message)) throw error;
    await execute('screendump', { filename });
    return 'ppm';
  }
}

/** What a service left that was killed meanwhile. */
export async function dropScreens(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(PREFIX)) await rm(join(folder, name), { force: true });
  }
}

/** @throws an Error where the file is larger, or ends while it is read */
export async function readWithin(path: string, limit: number): Promise<Buffer> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  if (size > limit) throw new Error(`the picture has ${size} bytes, and at most ${limit} are taken`);
  const bytes = Buffer.alloc(size);
  for (let done = 0; done < size;) {
    const { bytesRead } = await file.read(bytes, done, size - done, done);
    if (bytesRead === 0) throw new Error(`the picture ends at ${done} of ${size} bytes`);
    done += bytesRead;
  }
  return bytes;
}
