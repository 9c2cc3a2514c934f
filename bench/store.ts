import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Claim, MigrationStore } from '../packages/server/src/migrations/store.ts';
import { encodeCursor } from '../packages/server/src/store/cursor.ts';
import { openStores } from '../packages/server/src/store/open-stores.ts';
import { TEST_KEY } from '../packages/server/testing/test-key.ts';
import { hasPostgres } from '../packages/server/testing/postgres-programs.ts';
import { startPostgres } from '../packages/server/testing/postgres-server.ts';
import { dataRequest } from '../packages/server/testing/requests.ts';
import { spreadOf, type Spread } from './spread.ts';

/**
 * `node bench/store.ts [MIGRATIONS]`: how long the store takes with so many queued migrations (default 10000), on SQLite
 * and on a PostgreSQL server of its own that waits for the disk. One caller, one statement after the other.
 */
const count = Number(process.argv[2] ?? 10_000);
const ROUNDS = 200;
const LEASE = { leaseMs: 600_000 };

async function figures(store: MigrationStore): Promise<Readonly<Record<string, Spread>>> {
  const created = await timed(count, (index) => store.create(request(index)));
  const first = await store.list({ limit: 50 });
  const halfWay = encodeCursor(Math.ceil(count / 2));
  const lists = {
    'list: the first page of 50': await timed(ROUNDS, () => store.list({ limit: 50 })),
    'list: a page in the middle': await timed(ROUNDS, () => store.list({ limit: 50, cursor: halfWay })),
    'list: a state that all have': await timed(ROUNDS, () => store.list({ limit: 50, states: ['queued'] })),
    'list: a state that none has': await timed(ROUNDS, () => store.list({ limit: 50, states: ['failed'] })),
    'list: text that one name has': await timed(ROUNDS, () =>
      store.list({ limit: 50, text: first.migrations[0]?.name ?? '' }),
    ),
    'list: onto one volume': await timed(ROUNDS, () =>
      store.list({ limit: 50, resource: `volume:vol-machine-${Math.floor(count / 2)}` }),
    ),
    'list: by one who made all': await timed(ROUNDS, () => store.list({ limit: 50, by: 'ann' })),
    'list: text that no name has': await timed(ROUNDS, () => store.list({ limit: 50, text: 'nothing' })),
  };
  const claims: (Claim | undefined)[] = [];
  const claim = async (labels: readonly string[]) => void claims.push(await store.claim('w', { ...LEASE, labels }));
  const passing = await timed(ROUNDS / 2, () => claim([]));
  const claimed = await timed(ROUNDS / 2, () => claim(['rack-1']));
  const full = { ...LEASE, labels: ['rack-1'], fullHosts: ['images.example'] };
  const none = await timed(20, () => store.claim('w', full));
  const [held] = claims;
  if (!held) throw new Error('nothing could be claimed');
  const { id } = held.migration;
  let { version } = held.migration;
  const taken = { kind: 'taken', worker: 'w' } as const;
  return {
    create: created,
    ...lists,
    claim: claimed,
    'claim: past a tenth of them': passing,
    'claim: all are from a full host': none,
    running: await timed(ROUNDS, () => store.running()),
    counts: await timed(ROUNDS, () => store.counts()),
    heartbeat: await timed(ROUNDS, () => store.heartbeat(id, held.fence, LEASE.leaseMs)),
    append: await timed(ROUNDS, async () => void ({ version } = await store.append(id, held.fence, version, taken))),
    get: await timed(ROUNDS, () => store.get(id)),
  };
}

/** A tenth needs a label, and is more urgent than all others: who has it not must pass by. */
function request(index: number) {
  const needsLabel = index % 10 === 0;
  const priority = needsLabel ? 9 : index % 7;
  return dataRequest(`machine-${index}`, { priority, labels: needsLabel ? ['rack-1'] : [] });
}

async function timed(rounds: number, run: (index: number) => Promise<unknown>): Promise<Spread> {
  const times: number[] = [];
  for (let index = 0; index < rounds; index++) {
    const begin = performance.now();
    await run(index);
    times.push(performance.now() - begin);
  }
  return spreadOf(times);
}

function print(name: string, results: Readonly<Record<string, Spread>>): void {
  console.log(`\n${name}, ${count} queued migrations, milliseconds: median, 95 of 100, worst`);
  for (const [what, { median, high, worst }] of Object.entries(results)) {
    console.log(`  ${what.padEnd(30)} ${[median, high, worst].map((time) => time.toFixed(2).padStart(8)).join(' ')}`);
  }
}

const folder = await mkdtemp(join(tmpdir(), 'diskferry-bench-'));
try {
  await using stores = await openStores(join(folder, 'store.sqlite'), { secretKey: TEST_KEY });
  print('SQLite', await figures(stores.migrations));
} finally {
  await rm(folder, { recursive: true, force: true });
}

if (hasPostgres()) {
  await using server = await startPostgres({ durable: true });
  await using stores = await openStores(await server.create(), { secretKey: TEST_KEY });
  print('PostgreSQL', await figures(stores.migrations));
} else {
  console.log('PostgreSQL is not installed: apt-get install postgresql');
}
