import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { programPath } from '../../packages/server/testing/postgres-programs.ts';
import { startPostgres } from '../../packages/server/testing/postgres-server.ts';
import { surviveKilledService } from '../parts/killed-service.ts';

/** More by hand: SERVICE_ROUNDS=100 SERVICE_SEED=7 npx vitest run tests/journeys/service-killed-whole.test.ts */
const ROUNDS = Number(process.env['SERVICE_ROUNDS'] ?? 3);
const SEED = Number(process.env['SERVICE_SEED'] ?? 1);
const TIME_MS = 180_000 + ROUNDS * 20_000;

describe('a service that is killed with -9 in the middle of copies, and started again', async () => {
  const root = await tempFolder();

  it(`ends all of them, once: one process with SQLite, ${ROUNDS} kills`, { timeout: TIME_MS }, async () => {
    await surviveKilledService({ folder: await mkdtemp(join(root, 'one-')), rounds: ROUNDS, seed: SEED });
  });

  const title = `and so do an API and a worker with PostgreSQL, ${ROUNDS} kills [needs postgresql]`;
  it.skipIf(programPath('postgres') === undefined)(title, { timeout: TIME_MS }, async () => {
    await using postgres = await startPostgres({ durable: true });
    const folder = await mkdtemp(join(root, 'two-'));
    await surviveKilledService({ folder, rounds: ROUNDS, seed: SEED + 1, database: await postgres.create() });
  });
});
