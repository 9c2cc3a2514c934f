import { open, stat, truncate } from 'node:fs/promises';

const TiB = 1024 ** 4;

/**
 * A size for a file whose disk tells its own size only at its end: as large as the file system has files, sparse. The
 * file is cut to the disk's size when that is known; a file that is there from an earlier run keeps its size.
 */
export async function createdSize(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (found && found.size > 0) return found.size;
  await using file = await open(path, 'a');
  for (let size = 8 * TiB; size > TiB / 64; size /= 2) {
    try {
      await file.truncate(size);
      return size;
    } catch {
      // Too large for this file system: try half.
    }
  }
  return TiB / 64;
}

/** Cuts the file to the disk that was landed, and makes that durable. */
export async function cutTo(path: string, size: number): Promise<void> {
  await truncate(path, size);
  await using file = await open(path, 'r+');
  await file.sync();
}
