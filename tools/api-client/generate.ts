import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientTypes } from '../../packages/protocol/testing/client-types.ts';
import { buildApi } from '../../packages/server/src/api/api.ts';
import { hollowParts } from '../../packages/server/testing/hollow-parts.ts';

const ROOT = join(import.meta.dirname, '..', '..');

export const GENERATED = join(ROOT, 'packages', 'protocol', 'src', 'client', 'api.generated.ts');

/** The types of the API as TypeScript, made from its OpenAPI document. */
export async function generateClientTypes(): Promise<string> {
  return await clientTypes(await openApiDocument());
}

/** As the service answers it, from an API that does nothing else. */
async function openApiDocument(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly version: string };
  const api = await buildApi(hollowParts(version));
  try {
    return (await api.inject('/api/v1/openapi.json')).body;
  } finally {
    await api.close();
  }
}
