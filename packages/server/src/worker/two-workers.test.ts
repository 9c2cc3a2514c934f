import { join } from 'node:path';
import type { Target } from '@diskferry/engine';
import { expect, it } from 'vitest';
import { MiB } from '../../testing/local-cloud.ts';
import { withTargets } from '../../testing/provider-with.ts';
import { bootableDisk, ETAG, expectFree, expectLanded } from '../../testing/worker-content.ts';
import { stands, workerScene } from '../../testing/worker-scene.ts';
import { advance } from '../migrations/advance.ts';
import type { MigrationStore } from '../migrations/store.ts';

const LARGE = bootableDisk(64 * MiB);

/** A store for a worker that never learns that its lease is over, until it has something to say that counts. */
function deaf(store: MigrationStore): MigrationStore {
  return {
    ...store,
    claim: (worker, ask) => store.claim(worker, { ...ask, leaseMs: 300 }),
    heartbeat: (id) => store.get(id),
    append: async (id, fence, version, event) => {
      if (event.kind === 'progressed') return advance(await store.get(id), event);
      return await store.append(id, fence, version, event);
    },
  };
}

it('two workers that both believe they own a migration: one writes at a time, and the first stops for good', async () => {
  await using scene = await workerScene();
  const volume = await scene.volume(64 * MiB);
  const writes: string[] = [];
  const open = new Set<string>();
  const watched = (who: string) =>
    withTargets(scene.provider, (target) => {
      // A disk has one writer, whatever the workers believe.
      expect([...open]).toEqual([]);
      open.add(who);
      return watchedTarget(target, { write: () => writes.push(who), close: () => open.delete(who) });
    });
  const migrations = deaf(scene.stores.migrations);
  await scene.start({
    provider: watched('first'),
    stores: { ...scene.stores, migrations },
    times: { lease: 60_000 },
  });
  const link = scene.server.serve('/disk.raw', { content: LARGE, etag: ETAG });
  const id = await scene.create({ [volume]: link }, { bandwidth: 16 * MiB });
  await scene.until(id, ({ images: [image] }) => image?.content.kind === 'partly');
  const second = await scene.start({ provider: watched('second'), dataFolder: join(scene.folder, 'second') });
  await scene.until(id, (migration) => migration.worker === second.id);
  const whenTaken = writes.length;
  await scene.until(id, stands('succeeded'), 40_000);
  await expectLanded(scene, volume, LARGE);
  await expectFree(scene);
  const firstOfSecond = writes.indexOf('second');
  // The first went on for a while, and then made way.
  expect(firstOfSecond).toBeGreaterThan(whenTaken);
  expect(writes.slice(firstOfSecond)).not.toContain('first');
  const events = await scene.stores.migrations.events(id, 0);
  expect(events.filter(({ event }) => event.kind === 'landed')).toHaveLength(1);
});

function watchedTarget(target: Target, told: { write: () => void; close: () => void }): Target {
  return new Proxy(target, {
    get(_target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]): unknown => {
        if (name === 'write') told.write();
        const answer = (value as (...all: unknown[]) => Promise<unknown>).apply(target, given);
        return name === Symbol.asyncDispose ? answer.finally(told.close) : answer;
      };
    },
  });
}
