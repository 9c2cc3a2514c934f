import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { startChild } from '../../../testing/store-process.ts';
import { replay } from '../../migrations/advance.ts';
import { TEST_KEY } from '../../../testing/test-key.ts';
import { openStores } from '../open-stores.ts';

const KILLS = 10;

/** What a killed process had acknowledged: for each migration its last version. Killed after a random count of lines. */
async function workAndDie(where: string, name: string, acknowledged: Map<string, number>): Promise<void> {
  const child = startChild(where, 'work', name);
  if (!child.stdout) throw new Error('the child has no output');
  const over = once(child, 'exit');
  const killAt = 1 + Math.floor(Math.random() * 300);
  let lines = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [id = '', version] = line.split(' ');
    if (!line.includes(' ') || !Number.isInteger(Number(version))) throw new Error(`half a line: ${line}`);
    acknowledged.set(id, Math.max(acknowledged.get(id) ?? 0, Number(version)));
    if (++lines === killAt) child.kill('SIGKILL');
  }
  const [code, signal] = (await over) as [number | null, string | null];
  expect([code, signal]).toEqual([null, 'SIGKILL']);
}

it(`loses nothing that it acknowledged, killed ${KILLS} times in the midst of writing`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'diskferry-store-'));
  const where = join(folder, 'store.sqlite');
  const acknowledged = new Map<string, number>();
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      await workAndDie(where, `round-${kill}`, acknowledged);
      await using stores = await openStores(where, { secretKey: TEST_KEY });
      const store = stores.migrations;
      for (const [id, version] of acknowledged) {
        const found = await store.get(id);
        expect(found.version).toBeGreaterThanOrEqual(version);
        expect(replay(await store.events(id, 0))).toEqual(found);
      }
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(KILLS);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
