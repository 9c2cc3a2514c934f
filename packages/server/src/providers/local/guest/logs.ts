import { open, stat } from 'node:fs/promises';
import { punchHole } from '@diskferry/engine';
import type { SerialTail } from '../../provider.ts';

const MiB = 2 ** 20;
const PAGE = 4096;
const BLOCK = 512;

/** What a log may take up, and what is left of it then. */
export interface LogLimits {
  readonly limit: number;
  readonly keep: number;
}

const LIMITS: LogLimits = { limit: 16 * MiB, keep: 8 * MiB };

/**
 * Gives back the room of all but the end of a log, while QEMU writes it: a guest may say whatever it likes for years. The
 * file becomes a hole at its beginning, so that QEMU, who goes on where it was, loses no byte of what follows.
 */
export async function trimLog(path: string, { limit, keep }: LogLimits = LIMITS): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.blocks * BLOCK <= limit) return;
  await using file = await open(path, 'r+');
  const { size } = await file.stat();
  const length = Math.floor((size - keep) / PAGE) * PAGE;
  if (length <= 0) return;
  // Where holes cannot be made, the log begins again.
  if (!(await punchHole(file.fd, 0, length))) await file.truncate(0);
}

/** At most `last` bytes of its end; nothing where there is none. */
export async function tail(path: string, last: number): Promise<SerialTail> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return { bytes: new Uint8Array(), end: 0 };
  await using _closing = file;
  const { size } = await file.stat();
  const bytes = Buffer.alloc(Math.min(size, last));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, size - bytes.length);
  return { bytes: bytes.subarray(0, bytesRead), end: size - bytes.length + bytesRead };
}
