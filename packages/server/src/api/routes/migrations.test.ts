import { afterAll, describe, expect, it } from 'vitest';
import { migrationInput, PLANTED, PLANTED_SOURCE, INSTANCE, VOLUME } from '../../../testing/api-requests.ts';
import { apiScene, PASS } from '../../../testing/api-scene.ts';
import { sampleReceipt } from '../../../testing/receipts.ts';
import { dataRequest } from '../../../testing/requests.ts';

const scene = await apiScene();
const { send, stores } = scene;
afterAll(() => scene[Symbol.asyncDispose]());

const names = async (query: string) => {
  const { body } = await send('viewer', `GET /migrations?limit=500&${query}`);
  return new Set(body.items.map(({ name }: { name: string }) => name));
};

const count = async (): Promise<number> => (await stores.migrations.list({ limit: 500 })).migrations.length;

describe('creating a migration', () => {
  it('answers with it, its version as ETag, and where it is', async () => {
    const before = scene.nudges.count;
    const { status, body, headers } = await send('operator', 'POST /migrations', migrationInput());
    expect(status).toBe(201);
    expect(body).toMatchObject({ name: 'web server', state: 'queued', version: 1, createdBy: 'operator-token' });
    expect(body.options).toMatchObject({ labels: ['provider:local'], verify: 'written', runningInstance: 'refuse' });
    expect(body).toMatchObject({ checks: [PASS], forecast: null });
    expect(headers).toMatchObject({ etag: '"1"', location: `/api/v1/migrations/${body.id}` });
    expect(scene.nudges.count).toBe(before + 1);
    expect((await send('viewer', `GET /migrations/${body.id}`)).body).toEqual(body);
  });

  it('keeps what is secret apart, sealed', async () => {
    const image = { source: PLANTED_SOURCE, target: { volume: 'vol-2' } };
    const { body } = await send('operator', 'POST /migrations', migrationInput({ images: [image] }));
    expect(body.images[0].source).toMatchObject({
      link: 'https://images.example/disk.qcow2?sig=***&part=***',
      hasCredentials: true,
    });
    const kept = await stores.migrations.get(body.id);
    const secret = await stores.secrets.open(kept.images[0]?.source.credentials ?? '');
    expect(secret).toMatchObject({ ...PLANTED_SOURCE.credentials, headers: PLANTED_SOURCE.headers });
    expect(secret.link).toContain(PLANTED);
    expect(JSON.stringify([kept, await stores.migrations.events(body.id, 0), scene.log])).not.toContain(PLANTED);
  });

  it('takes an instance for its system volume, and locks the instance of a volume', async () => {
    const { body: instance } = await send('operator', 'POST /instances', INSTANCE);
    const target = { instance: instance.id };
    const input = migrationInput({ kind: 'instance', images: [{ source: { link: 's3://bucket/key' }, target }] });
    const { body } = await send('operator', 'POST /migrations', input);
    expect(body.images[0].target).toEqual({ volume: instance.systemVolume, instance: instance.id });
    const onto = {
      ...input,
      kind: 'data' as const,
      images: [{ source: { link: 's3://bucket/key' }, target: { volume: instance.systemVolume } }],
    };
    const { body: data } = await send('operator', 'POST /migrations', onto);
    expect(data.images[0].target.instance).toBe(instance.id);
    const { body: problem, status } = await send('operator', 'POST /migrations', {
      ...input,
      images: [{ source: { link: 's3://bucket/key' }, target: { instance: 'i-none' } }],
    });
    expect({ status, pointer: problem.errors[0].pointer }).toEqual({
      status: 422,
      pointer: '/images/0/target/instance',
    });
  });

  it.each([
    ['block', 'preflight-blocked'],
    ['warn', 'warnings-not-accepted'],
  ] as const)('is refused where a check says %s, with all checks', async (verdict, code) => {
    const before = await count();
    const check = { ...PASS, code: 'volume-size', verdict, remedy: 'Grow it.' } as const;
    scene.found = { checks: [PASS, check] };
    const refused = await send('operator', 'POST /migrations', migrationInput());
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ code, detail: 'volume-size' });
    expect(refused.body.checks).toHaveLength(2);
    expect(await count()).toBe(before);
    const accepting = migrationInput({ options: { accept: ['volume-size'] } });
    expect((await send('operator', 'POST /migrations', accepting)).status).toBe(verdict === 'warn' ? 201 : 422);
    scene.found = {};
  });

  it.each([
    ['a link of no scheme', { link: 'disk.img' }, '/images/0/source/link'],
    ['keys in a link', { link: `s3://AK:${PLANTED}@bucket/key` }, '/images/0/source/link'],
    [
      'a password in an endpoint',
      { link: 's3://bucket/key', endpoint: `https://a:${PLANTED}@m.example` },
      '/images/0/source/endpoint',
    ],
    ['a format that is none', { link: 's3://bucket/key', format: 'iso' }, '/images/0/source/format'],
    ['a checksum that is none', { link: 's3://bucket/key', checksum: 'sha256:1' }, '/images/0/source/checksum'],
  ])('is refused with %s, before anybody is asked', async (_what, source, pointer) => {
    const before = scene.asked.length;
    const images = [{ source, target: { volume: 'v' } }];
    const { status, body, text } = await send('operator', 'POST /migrations', migrationInput({ images }));
    expect({ status, pointer: body.errors?.[0].pointer }).toEqual({ status: 422, pointer });
    expect(text).not.toContain(PLANTED);
    expect(scene.asked).toHaveLength(before);
  });

  it('changes nothing in a preflight of its own', async () => {
    const before = await count();
    const { name: _unused, ...input } = migrationInput();
    const { body } = await send('operator', 'POST /preflight', input);
    expect(body).toMatchObject({ mayBegin: true, checks: [PASS], images: [{ identity: '"e"' }] });
    expect(await count()).toBe(before);
  });
});

describe('a creating call that is sent again under its key', () => {
  const image = { source: PLANTED_SOURCE, target: { volume: 'vol-3' } };
  const input = migrationInput({ name: 'once', images: [image] });
  const again = (key: string, body: unknown = input) =>
    send('operator', 'POST /migrations', body, { 'idempotency-key': key });

  it('gives what was made, and looks at nothing', async () => {
    const first = await again('key 1');
    const before = { asked: scene.asked.length, made: await count() };
    const second = await again('key 1');
    expect(second.body.id).toBe(first.body.id);
    expect({ asked: scene.asked.length, made: await count() }).toEqual(before);
    expect((await again('key 2')).body.id).not.toBe(first.body.id);
  });

  it('makes one of many that are sent at once', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => again('at once')));
    expect(new Set(all.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
  });

  it('is refused with anything else, also another secret', async () => {
    await again('key 3');
    const other = { ...PLANTED_SOURCE, credentials: { ...PLANTED_SOURCE.credentials, secretAccessKey: 'other' } };
    for (const change of [{ name: 'other' }, { images: [{ ...image, source: other }] }, { options: { priority: 1 } }]) {
      const { status, body } = await again('key 3', { ...input, ...change });
      expect({ status, code: body.code }).toEqual({ status: 409, code: 'idempotency-conflict' });
    }
  });

  it('is another one of somebody else', async () => {
    const mine = await again('key 4');
    const theirs = await send('admin', 'POST /migrations', input, { 'idempotency-key': 'key 4' });
    expect(theirs.status).toBe(201);
    expect(theirs.body.id).not.toBe(mine.body.id);
  });

  it('makes one volume', async () => {
    const make = () => send('operator', 'POST /volumes', VOLUME, { 'idempotency-key': 'vol' });
    expect((await make()).body.id).toBe((await make()).body.id);
    const other = await send('operator', 'POST /volumes', { ...VOLUME, name: 'x' }, { 'idempotency-key': 'vol' });
    expect(other.body.code).toBe('operation-key-reused');
  });
});

describe('reading migrations', () => {
  it('gives pages that nothing shifts', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { body } = await send('viewer', `GET /migrations?limit=3${cursor === null ? '' : `&cursor=${cursor}`}`);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.next;
      if (seen.length === 3) await send('operator', 'POST /migrations', migrationInput({ name: 'meanwhile' }));
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength((await count()) - 1);
  });

  it('filters by state, kind, text and resource', async () => {
    expect(await names('text=ONCE')).toEqual(new Set(['once']));
    expect(await names('resource=volume:vol-3')).toEqual(new Set(['once']));
    expect(await names('state=failed&state=cancelled')).toEqual(new Set());
    expect(await names('state=queued&text=once')).toEqual(new Set(['once']));
    expect((await names('kind=instance')).has('once')).toBe(false);
  });

  it('tells events from a version on, without the names of secrets', async () => {
    const { body } = await send('viewer', 'GET /migrations?text=once&limit=1');
    const { id } = body.items[0];
    await send('operator', `POST /migrations/${id}/actions/pause`);
    const { body: all } = await send('viewer', `GET /migrations/${id}/events`);
    expect(all.items.map(({ kind }: { kind: string }) => kind)).toEqual(['created', 'pause-asked']);
    expect(JSON.stringify(all)).not.toContain('credentials');
    expect((await send('viewer', `GET /migrations/${id}/events?afterVersion=1`)).body.items).toHaveLength(1);
  });

  it('shows no receipt of one that has not succeeded, though the worker has kept it already', async () => {
    const { migrations, receipts } = stores;
    const { id } = await migrations.create(dataRequest('unfinished', { priority: 900 }));
    const { fence = 0, migration } = (await migrations.claim('w', { leaseMs: 60_000 })) ?? {};
    expect(migration?.id).toBe(id);
    await receipts.keep(id, fence, sampleReceipt());
    const { status, body } = await send('viewer', `GET /migrations/${id}/receipt`);
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'not-found' });
  });

  it('knows what is not there', async () => {
    for (const path of ['', '/events', '/receipt', '/progress']) {
      const { status, body } = await send('viewer', `GET /migrations/none${path}`);
      expect({ status, code: body.code }).toEqual({ status: 404, code: 'not-found' });
    }
  });
});
