import { open, rename, rm, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ProviderError } from '../provider-error.ts';

/** What a write that did not come to its end leaves behind. */
export const UNFINISHED = '.new';

/** Replaces the file as a whole: after a kill or a power cut the old content is there, or the new one. */
export function writeDurably(path: string, content: string): Promise<void> {
  return attempt(path, async () => {
    const beside = `${path}${UNFINISHED}`;
    try {
      await using file = await open(beside, 'w', 0o600);
      await file.writeFile(content);
      await file.sync();
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
    await rename(beside, path);
    await syncFolder(dirname(path));
  });
}

/** Gone for good when it settles; a file that is not there is gone already. */
export function removeDurably(path: string): Promise<void> {
  return attempt(path, async () => {
    await unlink(path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
    await syncFolder(dirname(path));
  });
}

export async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}

/** Runs `work`; what the system answers becomes `storage-failed` with the name of the file. */
export async function attempt<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (error instanceof ProviderError || typeof code !== 'string' || !/^E[A-Z0-9]+$/.test(code)) throw error;
    throw new ProviderError('storage-failed', `${path}: ${code}`, { cause: error });
  }
}
