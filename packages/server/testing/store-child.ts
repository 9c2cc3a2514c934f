import { writeSync } from 'node:fs';
import type { MigrationStore } from '../src/migrations/store.ts';
import { openStores } from '../src/store/open-stores.ts';
import { TEST_KEY } from './test-key.ts';
import { dataRequest } from './requests.ts';

/** `store-child.ts WHERE TASK NAME`: prints a line for what the store has acknowledged, and only then. */
const TASKS: Readonly<Record<string, (store: MigrationStore, name: string) => Promise<void>>> = {
  async create(store, name) {
    for (let index = 0; index < 5; index++) say((await store.create(dataRequest(`${name}-${index}`))).id);
  },

  async claim(store, name) {
    for (;;) {
      const claim = await store.claim(name, { leaseMs: 600_000 });
      if (!claim) return;
      const { id, version } = claim.migration;
      await store.append(id, claim.fence, version, { kind: 'taken', worker: name });
      say(id);
    }
  },

  /** Creates and works without end: somebody will kill it. */
  async work(store, name) {
    for (let round = 0; ; round++) {
      const made = await store.create(dataRequest(`${name}-${round}`), `${name}-${round}`);
      say(`${made.id} ${made.version}`);
      const claim = await store.claim(name, { leaseMs: 1 });
      if (!claim) continue;
      const { id } = claim.migration;
      let { version } = claim.migration;
      for (let step = 0; step < 8; step++) {
        ({ version } = await store.append(id, claim.fence, version, { kind: 'taken', worker: name }));
        say(`${id} ${version}`);
      }
    }
  },
};

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

const [where = '', task = '', name = ''] = process.argv.slice(2);
const run = TASKS[task];
if (!run) throw new Error(`there is no task ${task}`);
await using stores = await openStores(where, { secretKey: TEST_KEY });
await run(stores.migrations, name);
