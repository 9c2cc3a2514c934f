import { TARGET_PROFILES } from '@diskferry/engine/guest';
import { describe, expect, it } from 'vitest';
import type { Inventory, WorkerRecord } from '../../src/fleet/fleet.ts';
import { expectRefused, onStage, type MakeDatabase } from './scene.ts';

const MINUTE = 60_000;

function worker(id: string, changes: Partial<WorkerRecord> = {}): Omit<WorkerRecord, 'seenAt'> {
  return {
    id,
    host: `host-of-${id}`,
    version: '0.1.0',
    labels: ['provider:local'],
    concurrency: 2,
    startedAt: 1,
    busyWith: [],
    draining: false,
    ...changes,
  };
}

function inventory(by: string, changes: Partial<Inventory> = {}): Omit<Inventory, 'seenAt'> {
  const limits = { sizeStep: 512, minSize: 512, maxSize: 2 ** 40, dataVolumes: 20 };
  const traits = { ...TARGET_PROFILES.local, firmware: ['bios'] as const };
  const seen = { regions: [{ name: 'here', zones: ['a'] }], instances: [], volumes: [] };
  return { provider: 'local', worker: by, host: `host-of-${by}`, limits, traits, ...seen, ...changes };
}

export function reporting(make: MakeDatabase): void {
  describe('the fleet', () => {
    it('has the workers that were seen lately, as they last were', () =>
      onStage(make, async ({ stores: { fleet }, clock }) => {
        await fleet.report(worker('w1'));
        clock.pass(MINUTE - 1);
        await fleet.report(worker('w2', { busyWith: ['m-1'] }));
        await fleet.report(worker('w2', { draining: true }));
        expect((await fleet.workers(MINUTE)).map(({ id, seenAt }) => [id, seenAt - clock()])).toEqual([
          ['w1', 1 - MINUTE],
          ['w2', 0],
        ]);
        clock.pass(1);
        expect(await fleet.workers(MINUTE)).toEqual([{ ...worker('w2', { draining: true }), seenAt: clock() - 1 }]);
        await fleet.leave('w2');
        expect(await fleet.workers(MINUTE)).toEqual([]);
      }));

    it('forgets workers that were not seen for a day', () =>
      onStage(make, async ({ stores: { fleet }, clock }) => {
        await fleet.report(worker('old'));
        clock.pass(24 * 60 * MINUTE + 1);
        await fleet.report(worker('new'));
        expect((await fleet.workers(100 * 24 * 60 * MINUTE)).map(({ id }) => id)).toEqual(['new']);
      }));

    it('gives a provider name to one host, as long as its worker reports', () =>
      onStage(make, async ({ stores: { fleet }, clock }) => {
        const reported = clock();
        await fleet.reportInventory(inventory('w1'));
        clock.pass(MINUTE - 1);
        await fleet.report(worker('w1'));
        clock.pass(MINUTE - 1);
        await expectRefused(fleet.reportInventory(inventory('w2')), 'invalid-request');
        await expect(fleet.reportInventory(inventory('w2'))).rejects.toThrow('host-of-w1');
        expect(await fleet.inventories()).toEqual([{ ...inventory('w1'), seenAt: reported }]);
        clock.pass(1);
        await fleet.reportInventory(inventory('w2'));
        await expectRefused(fleet.reportInventory(inventory('w1')), 'invalid-request');
        expect(await fleet.inventories()).toEqual([{ ...inventory('w2'), seenAt: clock() }]);
      }));

    it('gives the name at once to a new worker of the same host, and after a leave to any', () =>
      onStage(make, async ({ stores: { fleet }, clock }) => {
        await fleet.reportInventory(inventory('w1'));
        await fleet.reportInventory(inventory('again', { host: 'host-of-w1' }));
        await fleet.leave('w1');
        await expectRefused(fleet.reportInventory(inventory('w2')), 'invalid-request');
        await fleet.leave('again');
        expect(await fleet.inventories()).toHaveLength(1);
        await fleet.reportInventory(inventory('w2', { volumes: [] }));
        await fleet.reportInventory(inventory('w1', { provider: 'another' }));
        expect((await fleet.inventories()).map(({ provider, seenAt }) => [provider, seenAt])).toEqual([
          ['another', clock()],
          ['local', clock()],
        ]);
      }));

    it('lets one of two hosts have a name that both want at the same moment', () =>
      onStage(make, async ({ stores: { fleet }, anotherStores }) => {
        const other = (await anotherStores()).fleet;
        const tries = await Promise.allSettled([
          fleet.reportInventory(inventory('w1')),
          other.reportInventory(inventory('w2')),
        ]);
        expect(tries.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      }));
  });
}
