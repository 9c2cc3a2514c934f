import type { MigrationInput } from '@diskferry/protocol/schemas';
import { ServiceError } from '../../base/errors.ts';
import type { Migration } from '../../migrations/migration.ts';
import type { ApiParts } from '../parts.ts';
import { placesOf } from '../places/places.ts';
import { madeBefore } from './made-before.ts';
import { requestOf } from './request-of.ts';
import { requireAcceptable } from './require-acceptable.ts';
import { withSealed } from './sealed.ts';

interface Asked {
  readonly by: string;
  /** Of this asker alone. */
  readonly key: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * look whether it was made before ─► preflight ─► seal the secrets ─► create ─► wake the worker
 *
 * Sent again under its key it gives what was made, and looks at nothing: the first one may hold the very volume by now.
 */
export async function createMigration(parts: ApiParts, input: MigrationInput, asked: Asked): Promise<Migration> {
  const { stores } = parts;
  const { by, key, signal } = asked;
  const split = requestOf(input, { by, places: await placesOf(parts) });
  const before = key === undefined ? undefined : await madeBefore(stores, key, split);
  if (before !== undefined) return before;
  const report = await parts.preflight({ ...split, signal });
  const { checks, forecast, label } = report;
  requireAcceptable(report, split.request.options.accept);
  const options = { ...split.request.options, labels: label === null ? [] : [label] };
  const found = { request: { ...split.request, options, preflight: { checks, forecast } }, secrets: split.secrets };
  try {
    const made = await withSealed(stores.secrets, found, (request) => stores.migrations.create(request, key));
    parts.nudge();
    return made;
  } catch (error) {
    // The same request, sent twice at once: the other one was faster.
    if (key === undefined || !(error instanceof ServiceError) || error.code !== 'idempotency-conflict') throw error;
    const other = await madeBefore(stores, key, split);
    if (other === undefined) throw error;
    return other;
  }
}
