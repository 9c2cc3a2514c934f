import { randomUUID } from 'node:crypto';
import { readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SERIAL_LOG } from './qemu-arguments.ts';
import { converse } from './qmp.ts';

const TYPED = 'typed-';
const LOOK_MS = 20;
const ANSWER_MS = 5000;

interface Guest {
  readonly folder: string;
  readonly name: string;
  readonly pid: number;
  readonly signal: AbortSignal;
}

/**
 * Types into the serial port of a guest: the port gets a file to read from, beside the log that it writes, and reads it as
 * fast as the guest does. A socket would be simpler, but what the guest says while somebody is connected then stands twice
 * in the log wherever the socket was full (seen with QEMU 7.2).
 *
 * Settles when the guest has read all of it; one after the other for each guest, since a port has one such file.
 * @throws an Error where that is not so before the signal aborts; what it has not read by then is not typed later
 */
export async function typeInto(guest: Guest, bytes: Uint8Array): Promise<void> {
  const typed = `${TYPED}${randomUUID()}`;
  const path = join(guest.folder, typed);
  try {
    await writeFile(path, bytes, { mode: 0o600, flag: 'wx' });
    await readFrom(guest, typed);
    while ((await readSoFar(guest.pid, typed)) < bytes.length) {
      await sleep(LOOK_MS, undefined, { signal: guest.signal });
    }
  } catch (error) {
    await readFrom({ ...guest, signal: AbortSignal.timeout(ANSWER_MS) }, undefined).catch(() => undefined);
    if (!guest.signal.aborted) throw error;
    throw new Error('nothing in there reads what is typed', { cause: error });
  } finally {
    await rm(path, { force: true });
  }
}

/** What a service that was killed has left: a password may stand in it. */
export async function dropTyped(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(TYPED)) await rm(join(folder, name), { force: true });
  }
}

/** The port reads from this file from now on, or from nothing; it writes into its log as before. */
function readFrom({ folder, name, signal }: Omit<Guest, 'pid'>, typed: string | undefined): Promise<unknown> {
  const data = { out: SERIAL_LOG, append: true, ...(typed === undefined ? {} : { in: typed }) };
  return converse({ folder, name, signal }, (execute) => {
    return execute('chardev-change', { id: 'serial', backend: { type: 'file', data } });
  });
}

/** How far the process has read the file; 0 where it has it not open. */
async function readSoFar(pid: number, typed: string): Promise<number> {
  const open = `/proc/${pid}/fd`;
  for (const fd of await readdir(open)) {
    const path = await readlink(join(open, fd)).catch(() => '');
    if (!path.endsWith(`/${typed}`)) continue;
    const info = await readFile(`/proc/${pid}/fdinfo/${fd}`, 'utf8');
    return Number(/^pos:\s*(\d+)$/m.exec(info)?.[1] ?? 0);
  }
  return 0;
}
