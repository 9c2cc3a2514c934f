import { open } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { whileBusy } from './busy.ts';

/**
 * KiB of pages that are kept in memory, as far as there are so many. With the 2 MiB that SQLite takes by itself, a claim that
 * passes by 10 000 migrations took 5 times as long, and looking for a text 10 times: the process stands still meanwhile.
 */
const CACHE_KIB = 65_536;

/**
 * A file whose commits are on the disk when they return. Only `full` does that with a log ahead of the file: `normal` lost
 * hundreds of commits in each power cut that was simulated. Made for nobody but its user: SQLite itself lets others read
 * it, and gives the files beside it the rights of this one.
 */
export async function openFile(path: string): Promise<DatabaseSync> {
  await makeOwn(path);
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    await whileBusy(() => database.exec('pragma journal_mode = wal'));
    database.exec('pragma synchronous = full; pragma foreign_keys = on;');
    database.exec(`pragma cache_size = -${CACHE_KIB}`);
  } catch (cause) {
    database.close();
    throw cause;
  }
  return database;
}

/** What cannot be made here cannot be opened either, and SQLite says why. */
async function makeOwn(path: string): Promise<void> {
  const made = await open(path, 'ax', 0o600).catch(() => undefined);
  await made?.close();
}
