import { stat, statfs } from 'node:fs/promises';
import type { SerialTail } from '../provider.ts';
import { ProviderError } from '../provider-error.ts';
import type { Cloud } from './cloud.ts';
import { isDevice } from './disks.ts';
import { attempt } from './durable.ts';
import { requireWithin } from './guard.ts';

const LONGEST_LOG = 2 ** 20;
const MOST_TYPED = 16 * 1024;
const BLOCK = 512;

/** What can be seen of instances and volumes besides their records; nothing is changed, and nobody waits for it. */
export async function serialLog({ book, guests }: Cloud, id: string, last: number): Promise<SerialTail> {
  requireWithin('the length', last, [1, LONGEST_LOG, 1]);
  return await guests.serialLog(book.instance(id), last);
}

export async function serialWrite(
  { book, guests }: Cloud,
  id: string,
  how: { readonly bytes: Uint8Array; readonly signal?: AbortSignal },
): Promise<void> {
  requireWithin('what is typed', how.bytes.length, [1, MOST_TYPED, 1]);
  const instance = book.instance(id);
  const { guest } = instance;
  if (guest !== undefined && (await guests.isAlive(guest))) return await guests.serialWrite(instance, guest, how);
  throw new ProviderError('instance-stopped', `${id} does not run`);
}

export async function screenshot({ book, guests }: Cloud, id: string, signal?: AbortSignal): Promise<Uint8Array> {
  const instance = book.instance(id);
  const { guest } = instance;
  if (guest !== undefined && (await guests.isAlive(guest))) return await guests.screenshot(instance, guest, signal);
  throw new ProviderError('instance-stopped', `${id} does not run`);
}

/** A sparse file takes room when it is written; a device has all of its own. */
export async function roomFor({ book }: Cloud, id: string): Promise<number> {
  const volume = book.volume(id);
  if (isDevice(volume)) return volume.size;
  const { folders } = book;
  return await attempt(folders.volumes, async () => {
    const { bavail, bsize } = await statfs(folders.volumes);
    const taken = (await stat(folders.disk(id)).catch(() => undefined))?.blocks ?? 0;
    return Math.min(volume.size, taken * BLOCK + bavail * bsize);
  });
}
