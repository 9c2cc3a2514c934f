import { afterAll, describe, expect, it } from 'vitest';
import { INSTANCE, VOLUME } from '../../../testing/api-requests.ts';
import { apiScene } from '../../../testing/api-scene.ts';
import { MiB, PLACE } from '../../../testing/local-cloud.ts';

const scene = await apiScene();
const { send, stores, provider } = scene;
afterAll(() => scene[Symbol.asyncDispose]());

const placed = { name: 'far', region: 'west', zone: 'west-1' } as const;
const DEVICE = { path: '/dev/disk/by-id/wwn-0x5', name: 'wwn-0x5' };
const FAR = { ...placed, id: 'vol-far', size: 4 * MiB, role: 'data', state: 'available', device: DEVICE } as const;
const machine = { firmware: 'bios', cpus: 1, memory: MiB } as const;
const FAR_INSTANCE = {
  ...placed,
  ...machine,
  id: 'ins-far',
  state: 'running',
  systemVolume: 'vol-s',
  dataVolumes: [],
} as const;

async function farWorker(): Promise<void> {
  const worker = {
    id: 'w-far',
    host: 'far-host',
    version: '1',
    labels: ['provider:far'],
    concurrency: 1,
    startedAt: 1,
  };
  await stores.fleet.report({ ...worker, busyWith: [], draining: false });
  await stores.fleet.reportInventory({
    provider: 'far',
    worker: 'w-far',
    host: 'far-host',
    limits: provider.limits,
    traits: { ...provider.traits, nic: 'virtio-net', interfaceName: 'eth0', datasources: ['ConfigDrive'] },
    regions: [{ name: 'west', zones: ['west-1'] }],
    instances: [FAR_INSTANCE],
    volumes: [FAR],
  });
}

describe('volumes and instances', () => {
  it('come and go', async () => {
    const { body: volume, status } = await send('operator', 'POST /volumes', VOLUME);
    expect({ status, volume }).toMatchObject({
      status: 201,
      volume: { size: 4 * MiB, state: 'available', notATarget: null },
    });
    const { body: instance } = await send('operator', 'POST /instances', INSTANCE);
    expect(instance).toMatchObject({ state: 'stopped', provider: 'local', host: 'here', managedHere: true });
    const on = (action: string, body?: unknown) =>
      send('operator', `POST /volumes/${volume.id}/actions/${action}`, body);
    expect((await on('grow', { size: 8 * MiB })).body.size).toBe(8 * MiB);
    expect((await on('grow', { size: 4 * MiB })).body).toMatchObject({ status: 422, code: 'volume-shrinks' });
    expect((await on('attach', { instance: instance.id })).body.attachment).toEqual({ instance: instance.id, slot: 1 });
    expect((await send('operator', `DELETE /volumes/${volume.id}`)).body.code).toBe('volume-attached');
    expect((await send('viewer', `GET /instances/${instance.id}`)).body.dataVolumes).toEqual([volume.id]);
    expect((await on('detach')).body.attachment).toBeNull();
    expect((await send('operator', `DELETE /volumes/${volume.id}`)).status).toBe(204);
    expect((await send('viewer', `GET /volumes/${volume.id}`)).body).toMatchObject({
      status: 404,
      code: 'volume-not-found',
    });
    const stop = await send('operator', `POST /instances/${instance.id}/actions/stop`, { graceSeconds: 0 });
    expect(stop.body.state).toBe('stopped');
    expect((await send('operator', `DELETE /instances/${instance.id}`)).status).toBe(204);
  });

  it('refuse what the provider does not take', async () => {
    for (const [change, code] of [
      [{ size: 4 * MiB + 1 }, 'request-invalid'],
      [{ zone: 'nowhere' }, 'zone-unknown'],
    ] as const) {
      const { status, body } = await send('operator', 'POST /volumes', { ...VOLUME, ...change });
      expect({ status, code: body.code }).toEqual({ status: 422, code });
    }
  });

  it('say who holds them, and that they are no target', async () => {
    const { body: volume } = await send('operator', 'POST /volumes', VOLUME);
    await provider.hold({ kind: 'volume', id: volume.id }, { holder: 'm-7', why: 'migration m-7 writes it' });
    const { body } = await send('viewer', `GET /volumes/${volume.id}`, undefined, { 'accept-language': 'zh-CN' });
    expect(body).toMatchObject({
      heldBy: { holder: 'm-7', why: 'migration m-7 writes it' },
      notATarget: { code: 'held', reason: '正被占用：migration m-7 writes it' },
    });
    const { status, body: problem } = await send('operator', `POST /volumes/${volume.id}/actions/grow`, {
      size: 8 * MiB,
    });
    expect({ status, code: problem.code }).toEqual({ status: 409, code: 'held' });
  });

  it('gives pages and filters', async () => {
    for (const name of ['a-one', 'a-two', 'a-three']) await send('operator', 'POST /volumes', { ...VOLUME, name });
    const { body: first } = await send('viewer', 'GET /volumes?text=A-&limit=2');
    const { body: second } = await send('viewer', `GET /volumes?text=A-&limit=2&cursor=${first.next}`);
    const names = [...first.items, ...second.items].map(({ name }: { name: string }) => name);
    expect(names.toSorted()).toEqual(['a-one', 'a-three', 'a-two']);
    expect(second.next).toBeNull();
    expect((await send('viewer', 'GET /volumes?cursor=abc')).body.code).toBe('invalid-cursor');
    expect((await send('viewer', 'GET /volumes?zone=none')).body.items).toEqual([]);
    expect((await send('viewer', 'GET /volumes?role=system&text=a-')).body.items).toEqual([]);
  });

  it('shows the serial log, where there is something to show', async () => {
    const { body: instance } = await send('operator', 'POST /instances', INSTANCE);
    const { body } = await send('operator', `GET /instances/${instance.id}/serial`);
    expect(body).toEqual({ text: '', end: 0 });
    const typed = await send('operator', `POST /instances/${instance.id}/serial`, { text: 'hunter2\r' });
    expect(typed.body).toMatchObject({ status: 409, code: 'instance-stopped' });
    const { entries } = await stores.audit.list({ limit: 1 });
    expect(entries[0]).toMatchObject({ target: `instance:${instance.id}`, detail: '8 bytes' });
    expect((await send('operator', 'GET /instances/none/serial')).body.code).toBe('instance-not-found');
  });
});

describe('what a worker elsewhere manages', () => {
  it('is listed, and changed only there', async () => {
    await farWorker();
    const { body } = await send('viewer', 'GET /volumes/vol-far');
    expect(body.device).toEqual(DEVICE);
    expect((await send('viewer', 'GET /volumes?text=WWN-0x5')).body.items.map(({ id }: any) => id)).toEqual([
      'vol-far',
    ]);
    expect(body).toMatchObject({ provider: 'far', host: 'far-host', managedHere: false, notATarget: null });
    for (const [request, sent] of [
      ['POST /volumes/vol-far/actions/grow', { size: 8 * MiB }],
      ['DELETE /volumes/vol-far', undefined],
      ['POST /instances/ins-far/actions/start', undefined],
      ['POST /instances/ins-far/actions/stop', { graceSeconds: 1 }],
      ['GET /instances/ins-far/serial', undefined],
    ] as const) {
      const { status, body: problem } = await send('operator', request, sent);
      expect({ request, status, code: problem.code }).toEqual({ request, status: 409, code: 'managed-elsewhere' });
      expect(problem.detail).toContain('far-host');
    }
    const { body: regions } = await send('viewer', 'GET /regions');
    const traits = Object.fromEntries(regions.items.map((region: any) => [region.name, region.traits]));
    expect(traits.east).toMatchObject({ bus: 'virtio-blk', firmware: ['bios', 'uefi'], nic: null, datasources: null });
    expect(traits.west).toMatchObject({ nic: 'virtio-net', interfaceName: 'eth0', datasources: ['ConfigDrive'] });
    expect(regions.items.map(({ features }: any) => features)).toEqual([
      ['serialLog', 'serialWrite', 'screenshot', 'proveBoot'],
      // Its worker is from before they were told.
      [],
    ]);
    expect(regions.items.map(({ name, managedHere }: any) => [name, managedHere])).toEqual([
      [PLACE.region, true],
      ['west', false],
    ]);
    expect((await send('viewer', 'GET /workers')).body.items).toMatchObject([
      { id: 'w-far', labels: ['provider:far'] },
    ]);
  });

  it('is no target once its worker is gone', async () => {
    await farWorker();
    await stores.fleet.leave('w-far');
    const { body } = await send('viewer', 'GET /instances/ins-far');
    expect(body.notATarget).toEqual({ code: 'unreachable', reason: 'No worker on far-host was seen lately.' });
  });
});
