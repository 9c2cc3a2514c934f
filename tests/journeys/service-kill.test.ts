import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { seededRandom } from '../../packages/engine/testing/seeded.ts';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { programPath } from '../../packages/server/testing/postgres-programs.ts';
import { startPostgres } from '../../packages/server/testing/postgres-server.ts';
import { surviveKills } from '../parts/killed-workers.ts';

/** More by hand: SERVICE_KILLS=100 npx vitest run tests/journeys/service-kill.test.ts */
const KILLS = Number(process.env['SERVICE_KILLS'] ?? 10);
const SEED = Number(process.env['SERVICE_SEED'] ?? 1);
const TIME_MS = 120_000 + KILLS * 20_000;

describe('workers that are killed with -9 at random moments', async () => {
  const root = await tempFolder();

  it(`every migration ends, equal, and none is done twice: SQLite, ${KILLS} kills`, { timeout: TIME_MS }, async () => {
    const folder = await mkdtemp(join(root, 'sqlite-'));
    await surviveKills({ folder, where: join(folder, 'store.sqlite'), kills: KILLS, seed: SEED });
  });

  const title = `and PostgreSQL as well, which is killed too, ${KILLS} kills [needs postgresql]`;
  it.skipIf(programPath('postgres') === undefined)(title, { timeout: TIME_MS }, async () => {
    const folder = await mkdtemp(join(root, 'postgres-'));
    const random = seededRandom(SEED);
    await using postgres = await startPostgres({ durable: true });
    const crashStore = async () => {
      await postgres.crash();
      await sleep(random() * 1500);
      await postgres.start();
    };
    await surviveKills({ folder, where: await postgres.create(), kills: KILLS, seed: SEED + 1, crashStore });
  });
});
