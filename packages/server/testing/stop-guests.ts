import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { ProviderError } from '../src/providers/provider-error.ts';
import { LocalProvider } from '../src/providers/local/local-provider.ts';

/** Undefined where another service works with it by now: its guests are that one's. */
async function openFree(folder: string): Promise<LocalProvider | undefined> {
  try {
    return await LocalProvider.open({ folder });
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'folder-busy') return undefined;
    throw error;
  }
}

/** Guests outlive their service on purpose; those of a test end with it. `folder` is that of the local provider. */
export async function stopGuests(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  await using provider = await openFree(folder);
  if (provider === undefined) return;
  for (const { id, state, heldBy } of await provider.listInstances()) {
    if (state === 'stopped') continue;
    const holder = heldBy === undefined ? {} : { holder: heldBy.holder };
    await provider.stopInstance(id, { key: randomUUID(), graceMs: 0, ...holder });
  }
}
