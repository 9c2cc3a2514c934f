import { isDeepStrictEqual } from 'node:util';
import { ServiceError } from '../../base/errors.ts';
import type { Migration } from '../../migrations/migration.ts';
import type { MigrationRequest } from '../../migrations/request.ts';
import type { Secret } from '../../secrets/secret.ts';
import type { Stores } from '../../store/stores.ts';
import type { Split } from './request-of.ts';

type Kept = Pick<Stores, 'migrations' | 'secrets'>;

/**
 * The migration that was made under this key by the same request, secrets included. They are sealed anew each time, so they
 * are opened to be compared; those that are forgotten cannot be, and count as the same.
 * @throws ServiceError `idempotency-conflict`
 */
export async function madeBefore(stores: Kept, key: string, split: Split): Promise<Migration | undefined> {
  const made = await stores.migrations.madeUnder(key);
  if (made === undefined) return undefined;
  const { migration, request } = made;
  const same = isDeepStrictEqual(essence(request), essence(split.request));
  if (same && (await sameSecrets(stores, request, split.secrets))) return migration;
  throw new ServiceError('idempotency-conflict', `the key was used for ${migration.id}, with another request`);
}

/** What the person asked for, without what was found or sealed on the way. */
function essence({ name, by, kind, images, options }: MigrationRequest): unknown {
  const shown = images.map(({ source, target }) => ({ source: { ...source, credentials: null }, target }));
  return { name, by, kind, images: shown, options: { ...options, labels: [] } };
}

async function sameSecrets(
  { secrets }: Kept,
  { images }: MigrationRequest,
  given: readonly (Secret | null)[],
): Promise<boolean> {
  for (const [index, { source }] of images.entries()) {
    const secret = given[index] ?? null;
    if ((source.credentials === null) !== (secret === null)) return false;
    if (source.credentials === null) continue;
    const kept = await openedOrGone(secrets, source.credentials);
    if (kept !== undefined && !isDeepStrictEqual({ ...kept }, { ...secret })) return false;
  }
  return true;
}

async function openedOrGone(secrets: Kept['secrets'], name: string): Promise<Secret | undefined> {
  try {
    return await secrets.open(name);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'secret-unreadable') return undefined;
    throw error;
  }
}
