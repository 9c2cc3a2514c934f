import type { MigrationRequest } from '../../migrations/request.ts';
import { ServiceError } from '../../base/errors.ts';
import type { Secret, SecretStore } from '../../secrets/secret.ts';
import type { Split } from './request-of.ts';

/** Seals the secrets of a request and hands it, with their names, to `use`. */
export function withSealed<Result>(
  store: SecretStore,
  { request, secrets }: Split,
  use: (sealed: MigrationRequest) => Promise<Result>,
): Promise<Result> {
  return whileSealed(store, secrets, (names) => {
    const images = request.images.map((image, index) => {
      return { ...image, source: { ...image.source, credentials: names[index] ?? null } };
    });
    return use({ ...request, images });
  });
}

/**
 * Hands the names of what was sealed to `use`. What was sealed in vain is forgotten again; but nothing is where the answer
 * of the database was lost: then what needs the secrets may be there.
 */
export async function whileSealed<Result>(
  store: SecretStore,
  secrets: readonly (Secret | null)[],
  use: (names: readonly (string | null)[]) => Promise<Result>,
): Promise<Result> {
  const names: (string | null)[] = [];
  try {
    for (const secret of secrets) names.push(secret === null ? null : await store.seal(secret));
    return await use(names);
  } catch (error) {
    const isKnown = !(error instanceof ServiceError) || error.code !== 'store-unavailable';
    for (const name of names) if (isKnown && name !== null) await store.forget(name);
    throw error;
  }
}
