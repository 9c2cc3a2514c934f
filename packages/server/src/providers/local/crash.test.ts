import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { make, type Call, type Line } from '../../../testing/local-churn.ts';
import { openLocal } from '../../../testing/local-cloud.ts';
import { localFolder } from '../../../testing/local-scene.ts';
import type { LocalProvider } from './local-provider.ts';

const CHURN = join(import.meta.dirname, '../../../testing/local-churn.ts');
const KILLS = Number(process.env['DISKFERRY_KILLS'] ?? 8);

/** What must be there, by what the process had confirmed when it was killed. */
class Expected {
  /** Of the data volumes that must be there, the least size. */
  readonly sizes = new Map<string, number>();
  readonly instances = new Set<string>();
  readonly gone = new Set<string>();
  confirmed = 0;

  announced(call: Call): void {
    if (call.do === 'deleteVolume') this.sizes.delete(call.id);
    if (call.do === 'deleteInstance') this.instances.delete(call.id);
  }

  done(call: Call, id: string | undefined): void {
    this.confirmed++;
    if (call.do === 'createVolume' && id !== undefined) this.sizes.set(id, 2 ** 20);
    if (call.do === 'createInstance' && id !== undefined) this.instances.add(id);
    if (call.do === 'growVolume') this.sizes.set(call.id, call.size);
    if (call.do === 'deleteVolume' || call.do === 'deleteInstance') this.gone.add(call.id);
  }
}

/** Runs the process, kills it, and gives the call that was not confirmed. */
async function churn(
  folder: string,
  { seed, expected }: { seed: number; expected: Expected },
): Promise<Call | undefined> {
  const child = spawn(process.execPath, [CHURN, folder, String(seed)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  const closed = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), closed]);
  await sleep((seed * 37) % 151);
  child.kill('SIGKILL');
  const [, signal] = (await closed) as [number | null, string | null];
  expect({ signal, err: said.err }).toEqual({ signal: 'SIGKILL', err: '' });
  const lines = said.out.split('\n').filter((line) => line.endsWith('}'));
  let open: Call | undefined;
  for (const { call, done } of lines.map((line) => JSON.parse(line) as Line)) {
    open = done === undefined ? call : undefined;
    if (done === undefined) expected.announced(call);
    else expected.done(call, done.id);
  }
  return open;
}

async function requireConsistent(provider: LocalProvider, folder: string, expected: Expected): Promise<void> {
  const volumes = await provider.listVolumes();
  const instances = await provider.listInstances();
  const known = new Map(volumes.map((volume) => [volume.id, volume]));
  const files = volumes.flatMap(({ id }) => [`${id}.json`, `${id}.raw`]).toSorted();
  expect(readdirSync(join(folder, 'volumes')).toSorted()).toEqual(files);
  expect(readdirSync(join(folder, 'instances')).toSorted()).toEqual(instances.map(({ id }) => `${id}.json`).toSorted());
  for (const { id, size, attachment, unusable } of volumes) {
    expect(unusable).toBeUndefined();
    expect(statSync(join(folder, 'volumes', `${id}.raw`)).size).toBe(size);
    expect(JSON.parse(readFileSync(join(folder, 'volumes', `${id}.json`), 'utf8'))).toMatchObject({ id, size });
    if (attachment !== undefined) expect(instances.map((instance) => instance.id)).toContain(attachment.instance);
  }
  for (const { id, systemVolume, unusable } of instances) {
    expect(unusable).toBeUndefined();
    expect(known.get(systemVolume)).toMatchObject({ role: 'system', attachment: { instance: id, slot: 0 } });
  }
  for (const [id, size] of expected.sizes) expect(known.get(id)?.size).toBeGreaterThanOrEqual(size);
  const ids = [...known.keys(), ...instances.map(({ id }) => id)];
  expect(ids).toEqual(expect.arrayContaining([...expected.instances]));
  expect(ids.filter((id) => expected.gone.has(id))).toEqual([]);
}

describe('the local provider, killed at any moment', () => {
  it(
    'keeps what it confirmed, leaves nothing half done, and takes up the call that was lost',
    { timeout: 30_000 + KILLS * 3000 },
    async () => {
      const folder = await localFolder();
      const expected = new Expected();
      let lost = 0;
      for (let seed = 1; seed <= KILLS; seed++) {
        const call = await churn(folder, { seed, expected });
        await using provider = await openLocal(folder);
        await requireConsistent(provider, folder, expected);
        if (call === undefined) continue;
        lost++;
        const { id } = await make(provider, call);
        expect(await make(provider, call)).toMatchObject(id === undefined ? {} : { id });
        if (id !== undefined) expect((await provider.find(call.key))?.id).toBe(id);
        expected.done(call, id);
        await requireConsistent(provider, folder, expected);
      }
      expect(expected.confirmed).toBeGreaterThan(KILLS);
      expect(lost).toBeGreaterThan(0);
    },
  );
});
