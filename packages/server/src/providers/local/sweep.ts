import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Book } from './book.ts';
import { attempt, removeDurably } from './durable.ts';
import { OUR_ID } from './folders.ts';
import { lockFile } from './volume-files.ts';

/**
 * Brings to its end what a kill left half done, when a data folder is opened. Records decide:
 *
 * - a system volume without its instance: the instance was not made to the end, or is deleted. It goes too.
 * - a data volume of an instance that is gone is not attached any more.
 * - a disk without a record was not made to the end, or is deleted. It goes.
 * - a disk that is longer than its record was not grown to the end. It is cut: nobody has seen the new end.
 */
export async function sweep(book: Book): Promise<void> {
  await dropRemains(book);
  await dropStrayDisks(book);
  await cutLongDisks(book);
  await dropStrayGuests(book);
}

/** Also the second half of deleting an instance. */
export async function dropRemains(book: Book): Promise<void> {
  for (const volume of book.volumes) {
    const { attachment } = volume;
    if (attachment === undefined || book.has({ kind: 'instance', id: attachment.instance })) continue;
    if (volume.role === 'data') await book.putVolume({ ...volume, attachment: undefined });
    else await dropVolume(book, volume.id);
  }
}

/** The record first: from then on the volume is gone, and the disk is only a remnant. */
export async function dropVolume(book: Book, id: string): Promise<void> {
  await book.removeVolume(id);
  await removeDurably(book.folders.disk(id));
}

async function dropStrayDisks(book: Book): Promise<void> {
  for (const name of await readdir(book.folders.volumes)) {
    const id = name.replace(/\.raw$/, '');
    if (name === id || !OUR_ID.test(id) || book.has({ kind: 'volume', id })) continue;
    await removeDurably(join(book.folders.volumes, name));
  }
}

async function cutLongDisks(book: Book): Promise<void> {
  for (const volume of book.volumes) {
    const found = await stat(book.folders.disk(volume.id)).catch(() => undefined);
    if (found !== undefined && found.size > volume.size) await (await lockFile(book.folders, volume)).close();
  }
}

async function dropStrayGuests(book: Book): Promise<void> {
  for (const id of await readdir(book.folders.guests)) {
    if (!OUR_ID.test(id) || book.has({ kind: 'instance', id })) continue;
    const folder = book.folders.guest(id);
    await attempt(folder, () => rm(folder, { recursive: true, force: true }));
  }
}
