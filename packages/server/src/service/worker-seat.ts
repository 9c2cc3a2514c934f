import { type FileHandle, open, readFile } from 'node:fs/promises';
import { lockExclusive } from '@diskferry/engine';
import { ServiceError } from '../base/errors.ts';
import type { MigrationStore } from '../migrations/store.ts';
import { writeDurably } from '../providers/local/durable.ts';
import type { DataFolder } from './data-folder.ts';

type Seat = Pick<DataFolder, 'root' | 'workerLock' | 'workerId'>;

/**
 * Takes the place of the worker of this data folder. Whoever had it before is dead, for its lock (flock) is free: what it
 * held is given back, and need not wait until its leases run out. The place is held until it is disposed.
 *
 * A free lock tells of the dead only where it is the very lock that they held: in a copy of the folder, or on another machine
 * that shares it, nobody is known to be dead, and leases run out by themselves. So it is after a start of the machine.
 * @throws ServiceError `configuration-invalid` where a worker is in this place; ProviderError `storage-failed`
 */
export async function takeSeat(
  folder: Seat,
  worker: string,
  migrations: Pick<MigrationStore, 'releaseAllOf'>,
): Promise<AsyncDisposable & { readonly released: number }> {
  const lock = await open(folder.workerLock, 'a', 0o600);
  try {
    const locked = lockExclusive(lock.fd);
    if (locked === false) {
      throw new ServiceError('configuration-invalid', `data: another worker works with ${folder.root}`);
    }
    // Where nothing can be locked nobody knows who else is here.
    const place = locked === true ? await placeOf(lock) : undefined;
    const before = place === undefined ? undefined : await predecessor(folder, place);
    const released = before === undefined ? 0 : await migrations.releaseAllOf(before);
    // On the disk before anything is claimed under it.
    await writeDurably(folder.workerId, `${worker}\n${place ?? ''}\n`);
    return { released, [Symbol.asyncDispose]: () => lock.close() };
  } catch (error) {
    await lock.close();
    throw error;
  }
}

/** This lock of this running kernel: what nobody has elsewhere. Undefined where the kernel has no name. */
async function placeOf(lock: FileHandle): Promise<string | undefined> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const { dev, ino } = await lock.stat({ bigint: true });
  return boot.trim() === '' ? undefined : `${boot.trim()} ${dev}:${ino}`;
}

async function predecessor({ workerId }: Seat, place: string): Promise<string | undefined> {
  try {
    const [worker = '', its] = (await readFile(workerId, 'utf8')).slice(0, 1000).split('\n');
    return its === place ? worker || undefined : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
