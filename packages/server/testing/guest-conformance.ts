import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Act, Provider } from '../src/providers/provider.ts';
import type { ProviderUnderTest } from './provider-conformance.ts';
import { contentOf, saysInTime, written } from './provider-content.ts';

/** What a provider needs so that its instances can be started in tests. */
export interface Bootable {
  /** Behind the name of the tests: `[needs …]`. */
  readonly needs: string;
  readonly here: boolean;
  /** What is written to the start of the system volume so that the instance says `mark` on its serial console. */
  content(mark: string, then: 'halt' | 'wait for the power button'): Uint8Array;
}

/** The code of what is refused; what was given in spite of it is given back. */
async function refusalOf(asked: Promise<object>): Promise<unknown> {
  return await asked.then(
    async (given) => {
      if (Symbol.asyncDispose in given) await (given as AsyncDisposable)[Symbol.asyncDispose]();
      return 'not refused';
    },
    ({ code }: { code?: unknown }) => code,
  );
}

const act = (): Act => ({ key: randomUUID() });

/** Every provider whose instances can be started in tests must pass this. */
export function guestConformance(name: string, make: () => Promise<ProviderUnderTest>, bootable: Bootable): void {
  describe.skipIf(!bootable.here)(`${name} runs instances ${bootable.needs}`, () => {
    let subject: ProviderUnderTest;
    const provider = (): Provider => subject.provider;
    const reopened = async (): Promise<Provider> => (subject.provider = await subject.reopen());
    const size = (steps: number): number => provider().limits.minSize + (steps - 1) * provider().limits.sizeStep;
    beforeAll(async () => void (subject = await make()));
    afterAll(async () => {
      await subject.provider[Symbol.asyncDispose]();
      await subject.dispose();
    });

    async function bootableInstance(then: 'halt' | 'wait for the power button', said?: string) {
      const wanted = { name: 'a server', ...subject.place, ...subject.machine, systemSize: size(1) };
      const instance = await provider().createInstance(wanted, act());
      const mark = said ?? `mark ${randomUUID()}`;
      await written(provider(), { id: instance.systemVolume, bytes: bootable.content(mark, then) });
      return { ...instance, mark };
    }

    it('starts what is on the system volume, refuses to change it meanwhile, and stops it', async () => {
      const { id, systemVolume, mark } = await bootableInstance('halt');
      const starting = act();
      expect(await provider().startInstance(id, starting)).toMatchObject({ state: 'running' });
      await provider().startInstance(id, act());
      await saysInTime(provider(), id, mark);
      const running = { code: 'instance-running' };
      await expect(provider().openVolume(systemVolume, {})).rejects.toMatchObject(running);
      await expect(provider().growVolume(systemVolume, { ...act(), size: size(2) })).rejects.toMatchObject(running);
      await expect(provider().deleteInstance(id, act())).rejects.toMatchObject(running);
      const data = await provider().createVolume({ name: 'data', ...subject.place, size: size(1) }, act());
      await expect(provider().attachVolume(data.id, { ...act(), instance: id })).rejects.toMatchObject(running);
      // A guest that does not listen to its power button is switched off.
      expect(await provider().stopInstance(id, { ...act(), graceMs: 300 })).toMatchObject({ state: 'stopped' });
      expect(await provider().startInstance(id, starting)).toMatchObject({ state: 'stopped' });
      await provider().stopInstance(id, { ...act(), graceMs: 0 });
      expect((await contentOf(provider(), systemVolume)).subarray(510, 512)).toEqual(Buffer.from([0x55, 0xaa]));
    });

    it('lets a guest that hears its power button shut down by itself, long before its time is over', async () => {
      const { id, mark } = await bootableInstance('wait for the power button');
      await provider().startInstance(id, act());
      await saysInTime(provider(), id, mark);
      await sleep(200);
      const begun = Date.now();
      expect(await provider().stopInstance(id, { ...act(), graceMs: 60_000 })).toMatchObject({ state: 'stopped' });
      expect(Date.now() - begun).toBeLessThan(10_000);
    });

    it('shows the screen of a running instance, where it can', async ({ skip }) => {
      const { screenshot } = provider().features;
      if (screenshot === undefined) return skip();
      const { id, mark } = await bootableInstance('halt');
      await expect(screenshot(id, {})).rejects.toMatchObject({ code: 'instance-stopped' });
      await provider().startInstance(id, act());
      await saysInTime(provider(), id, mark);
      const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
      expect([...(await screenshot(id, {})).subarray(0, 8)]).toEqual(signature);
      const aborted = screenshot(id, { signal: AbortSignal.abort() });
      await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
      await provider().stopInstance(id, { ...act(), graceMs: 0 });
    });

    it("proves on a copy that an instance comes up, where it can, while its disks are nobody else's", async ({
      skip,
    }) => {
      const { proveBoot } = provider().features;
      if (proveBoot === undefined) return skip();
      const up = await bootableInstance('halt', '\r\nhere login: ');
      const proving = proveBoot(up.id, { withinMs: 30_000 });
      await expect.poll(() => refusalOf(provider().openVolume(up.systemVolume, {}))).toBe('volume-in-use');
      const proof = await proving;
      expect(proof).toMatchObject({ verdict: 'booted', reached: 'login', seconds: expect.any(Number) });
      expect(proof.evidence.at(-1)).toContain('here login:');
      const dead = await bootableInstance('halt', '\r\nKernel panic - not syncing: no root');
      const failed = await proveBoot(dead.id, { withinMs: 30_000 });
      expect(failed).toMatchObject({ verdict: 'failed', reached: 'kernel-panic' });
      for (const { id, systemVolume } of [up, dead]) {
        await (await provider().openVolume(systemVolume, {}))[Symbol.asyncDispose]();
        expect(await provider().getInstance(id)).toMatchObject({ state: 'stopped' });
      }
    }, 60_000);

    it('does not guess where a copy says nothing of it, ends when it is told to, and refuses what is not its own', async ({
      skip,
    }) => {
      const { proveBoot } = provider().features;
      if (proveBoot === undefined) return skip();
      const { id, mark, systemVolume } = await bootableInstance('halt');
      const proof = await proveBoot(id, { withinMs: 4000 });
      expect(proof).toMatchObject({ verdict: 'unknown', evidence: expect.arrayContaining([expect.any(String)]) });
      expect(proof.evidence.join()).toContain(mark);
      const over = new AbortController();
      const proving = proveBoot(id, { withinMs: 60_000, signal: over.signal });
      setTimeout(() => over.abort(), 500);
      await expect(proving).rejects.toMatchObject({ name: 'AbortError' });
      await (await provider().openVolume(systemVolume, {}))[Symbol.asyncDispose]();
      await provider().hold({ kind: 'instance', id }, { holder: 'm-1', why: 'm-1 works with it' });
      expect(await refusalOf(proveBoot(id, { withinMs: 1000 }))).toBe('held');
      expect(await refusalOf(proveBoot(id, { withinMs: 0, holder: 'm-1' }))).toBe('request-invalid');
      await provider().release({ kind: 'instance', id }, 'm-1');
      await provider().startInstance(id, act());
      expect(await refusalOf(proveBoot(id, { withinMs: 1000 }))).toBe('instance-running');
      await provider().stopInstance(id, { ...act(), graceMs: 0 });
    }, 60_000);

    it('finds its guests again after a restart, and does not start what is being written', async () => {
      const { id, systemVolume, mark } = await bootableInstance('halt');
      {
        await using _writing = await provider().openVolume(systemVolume, {});
        await expect(provider().startInstance(id, act())).rejects.toMatchObject({ code: 'volume-in-use' });
      }
      await provider().startInstance(id, act());
      await saysInTime(provider(), id, mark);
      await reopened();
      expect(await provider().getInstance(id)).toMatchObject({ state: 'running' });
      await expect(provider().openVolume(systemVolume, {})).rejects.toMatchObject({ code: 'instance-running' });
      expect(await provider().stopInstance(id, { ...act(), graceMs: 0 })).toMatchObject({ state: 'stopped' });
    });
  });
}
