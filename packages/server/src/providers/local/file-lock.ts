import { type FileHandle, open } from 'node:fs/promises';
import { lockExclusive } from '@diskferry/engine';
import { ProviderError } from '../provider-error.ts';
import { attempt } from './durable.ts';

/**
 * Opens the file and takes its lock (flock). The lock belongs to the open file: it ends with the last process that has
 * it, also one that inherited it. Undefined: somebody else has it.
 */
export function openLocked(path: string, flags: 'r+' | 'a'): Promise<FileHandle | undefined> {
  return attempt(path, async () => {
    const handle = await open(path, flags, 0o600);
    try {
      const locked = lockExclusive(handle.fd);
      if (locked === true) return handle;
      if (locked === undefined) throw new ProviderError('locks-missing', `${path} cannot be locked`);
    } catch (error) {
      await handle.close();
      throw error;
    }
    await handle.close();
    return undefined;
  });
}
