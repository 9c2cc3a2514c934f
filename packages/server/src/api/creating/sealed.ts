import type { MigrationRequest } from '../../migrations/request.ts';
import type { SecretStore } from '../../secrets/secret.ts';
import type { Split } from './request-of.ts';

/**
 * Seals the secrets of a request and hands it, with their names, to `use`. What was sealed in vain is forgotten again.
 */
export async function withSealed<Result>(
  store: SecretStore,
  { request, secrets }: Split,
  use: (sealed: MigrationRequest) => Promise<Result>,
): Promise<Result> {
  const names: (string | null)[] = [];
  try {
    for (const secret of secrets) names.push(secret === null ? null : await store.seal(secret));
    const images = request.images.map((image, index) => {
      return { ...image, source: { ...image.source, credentials: names[index] ?? null } };
    });
    return await use({ ...request, images });
  } catch (error) {
    for (const name of names) if (name !== null) await store.forget(name);
    throw error;
  }
}
