import type { LiveProgress } from '@diskferry/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiScene } from '../../../testing/api-scene.ts';
import { EventStream } from '../../../testing/event-stream.ts';
import { dataRequest } from '../../../testing/requests.ts';
import type { WorkerEvent } from '../../migrations/event.ts';

const scene = await apiScene({ streams: { heartbeatMs: 30, slowMs: 500 } });
const { stores, api } = scene;
const { migrations } = stores;
let origin = '';
beforeAll(async () => void (origin = await api.listen({ port: 0, host: '127.0.0.1' })));
afterAll(() => scene[Symbol.asyncDispose]());

const open = (path: string, headers: Record<string, string> = {}) => {
  return EventStream.open(`${origin}/api/v1${path}`, { authorization: `Bearer ${scene.tokens.viewer}`, ...headers });
};

const SIZE = 1_000_000;
const BEGIN: readonly WorkerEvent[] = [
  { kind: 'locked' },
  { kind: 'checked', images: [{ identity: '"e"', size: SIZE }], instanceRuns: false },
  { kind: 'write-began', image: 0 },
];

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A migration that a worker has begun to write. */
async function running(name: string) {
  const { id } = await migrations.create(dataRequest(name));
  const claim = await migrations.claim('w', { leaseMs: 60_000 });
  if (claim?.migration.id !== id) throw new Error('another was claimed');
  let version = (await migrations.append(id, claim.fence, 1, { kind: 'taken', worker: 'w' })).version;
  const append = async (event: WorkerEvent) => {
    ({ version } = await migrations.append(id, claim.fence, version, event));
    return version;
  };
  for (const event of BEGIN) await append(event);
  const publish = (at: number) => stores.live.publish(id, claim.fence, live(at));
  const say = (text: string) => stores.lines.append(id, claim.fence, [{ at: 1, level: 'info', text }]);
  return { id, append, publish, say, version: () => version };
}

function live(at: number): LiveProgress {
  const image = { read: at, readOf: SIZE, decoded: at, written: at, verified: 0, landed: at, of: SIZE };
  const speed = { read: 100, landed: 200 };
  return {
    at,
    stage: 'transferring',
    image: 0,
    images: [image],
    speed,
    remaining: null,
    bottleneck: 'source',
    stall: null,
    map: {
      cells: 3,
      runs: [
        [3, 1],
        [2, 2],
      ],
    },
  };
}

describe('the progress of a migration', () => {
  it('tells how it stands, then every event, the migration after it, and what is measured', async () => {
    const { id, append, publish, version } = await running('a');
    using stream = await open(`/migrations/${id}/progress`);
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    await stream.until((told) => told.some(({ event }) => event === 'migration'));
    const first = version();
    await append({ kind: 'progressed', image: 0, bytes: 400_000 });
    await publish(7);
    await append({ kind: 'progressed', image: 0, bytes: 500_000 });
    const told = await stream.until((all) => {
      return (
        all.some(({ event }) => event === 'live') &&
        all.at(-1)?.event !== 'logged' &&
        all.some(({ id }) => id === `${first + 2}`)
      );
    });
    const logged = told.filter(({ event }) => event === 'logged').map(({ id }) => Number(id));
    expect(logged).toEqual([first + 1, first + 2]);
    expect(told.find(({ event }) => event === 'live')).toMatchObject({
      id: undefined,
      data: {
        at: 7,
        bottleneck: 'source',
        map: {
          cells: 3,
          runs: [
            [3, 1],
            [2, 2],
          ],
        },
      },
    });
    const views = told.filter(({ event }) => event === 'migration');
    expect(views.at(-1)?.data.images[0].content).toMatchObject({ kind: 'partly', bytes: 500_000 });
    expect(views.every(({ id, data }) => id === `${data.version}`)).toBe(true);
  });

  it('goes on behind the last event that the client had, and loses none', async () => {
    const { id, append, version } = await running('b');
    const seen: number[] = [];
    let last = version();
    for (let round = 0; round < 6; round += 1) {
      for (let step = 1; step <= 5; step += 1)
        await append({ kind: 'progressed', image: 0, bytes: round * 10_000 + step });
      using stream = await open(`/migrations/${id}/progress`, { 'last-event-id': `${last}` });
      await append({ kind: 'progressed', image: 0, bytes: round * 10_000 + 6 });
      const enough = 1 + (round % 3) * 2;
      await stream.until((told) => told.filter(({ event }) => event === 'logged').length >= enough);
      // As a browser does it: what came counts, and the connection breaks in the middle.
      const logged = stream.told.filter(({ event }) => event === 'logged').slice(0, enough);
      seen.push(...logged.map(({ id: at }) => Number(at)));
      last = seen.at(-1) ?? last;
    }
    using stream = await open(`/migrations/${id}/progress`, { 'last-event-id': `${last}` });
    await stream.until((told) => told.some(({ event, id: at }) => event === 'migration' && Number(at) === version()));
    seen.push(...stream.told.filter(({ event }) => event === 'logged').map(({ id: at }) => Number(at)));
    expect(seen).toEqual(Array.from({ length: version() - 5 }, (_, index) => index + 6));
  });

  it('tells the log of its worker: all that is kept to whoever comes, then what is new', async () => {
    const { id, say } = await running('log');
    await say('one');
    await say('two');
    using stream = await open(`/migrations/${id}/progress`);
    const texts = (told: readonly (typeof stream.told)[number][]) => {
      return told.flatMap(({ event, data }) => (event === 'lines' ? data.items : [])).map(({ text }) => text);
    };
    await stream.until((told) => texts(told).length === 2);
    await say('three');
    expect(texts(await stream.until((told) => texts(told).length === 3))).toEqual(['one', 'two', 'three']);
    const { body } = await scene.send('viewer', `GET /migrations/${id}/log?after=1`);
    expect(body.items).toEqual([
      { seq: 2, at: 1, level: 'info', text: 'two' },
      { seq: 3, at: 1, level: 'info', text: 'three' },
    ]);
    expect((await scene.send('viewer', 'GET /migrations/no-such/log')).status).toBe(404);
  });

  it('misses nothing that happens while it begins, though another client is told of it already', async () => {
    const { id, append, say } = await running('between');
    using before = await open(`/migrations/${id}/progress`);
    await before.until((told) => told.length > 0);
    const { live } = stores;
    const { read } = live;
    let version = 0;
    live.read = async (asked) => {
      const found = await read(asked);
      version ||= await append({ kind: 'progressed', image: 0, bytes: 10 });
      await say('meanwhile');
      await before.until((told) => told.some(({ event }) => event === 'lines'));
      await before.until((told) => told.some(({ event, id: at }) => event === 'migration' && at === `${version}`));
      return found;
    };
    try {
      using stream = await open(`/migrations/${id}/progress`);
      await stream.until(
        (told) => told.some(({ event, id: at }) => event === 'migration' && at === `${version}`),
        2000,
      );
      await stream.until((told) => told.some(({ event }) => event === 'lines'), 2000);
    } finally {
      live.read = read;
    }
  });

  it('keeps the line open, and ends with the service or the client', async () => {
    const { id } = await running('c');
    using stream = await open(`/migrations/${id}/progress`);
    await stream.until(() => stream.comments.length >= 3);
    expect(stream.comments[0]).toBe('still here');
  });

  it('is read once for all who listen, and not at all when nobody does', async () => {
    const { id, append } = await running('d');
    const { get } = migrations;
    let reads = 0;
    Object.assign(migrations, { get: (asked: string) => ((reads += 1), get(asked)) });
    try {
      const streams = await Promise.all(Array.from({ length: 40 }, () => open(`/migrations/${id}/progress`)));
      await Promise.all(streams.map((stream) => stream.until((told) => told.length > 0)));
      const version = await append({ kind: 'progressed', image: 0, bytes: 1 });
      reads = 0;
      const began = Date.now();
      await Promise.all(
        streams.map((stream) => stream.until((told) => told.some(({ id: at }) => at === `${version}`))),
      );
      await sleep(200);
      expect(reads).toBeLessThanOrEqual((Date.now() - began) / 20 + 2);
      for (const stream of streams) stream[Symbol.dispose]();
      await sleep(200);
      reads = 0;
      await sleep(200);
      expect(reads).toBe(0);
    } finally {
      Object.assign(migrations, { get });
    }
  });

  it('drops a client that takes nothing, and tells a slow one all of a long log', async () => {
    const { id, version } = await running('e');
    const from = version();
    // More than the sockets of the kernel hold: some megabytes.
    const by = 'x'.repeat(30_000);
    for (let turn = 0; turn < 500; turn += 1) {
      await migrations.request(id, from + turn, { kind: 'bandwidth-changed', bandwidth: turn + 1, by });
    }
    using deaf = await open(`/migrations/${id}/progress`, { 'last-event-id': `${from}` });
    deaf.pause();
    using slow = await open(`/migrations/${id}/progress`, { 'last-event-id': `${from}` });
    slow.pause();
    setTimeout(() => slow.resume(), 200);
    const end = (await migrations.get(id)).version;
    await slow.until((told) => told.some(({ event, id: at }) => event === 'migration' && at === `${end}`), 30_000);
    expect(slow.told.filter(({ event }) => event === 'logged')).toHaveLength(end - from);
    for (const began = Date.now(); (await scene.listening()) > 1 && Date.now() - began < 10_000;) await sleep(20);
    expect(await scene.listening()).toBe(1);
  });
});

describe('the progress of all that run', () => {
  it('tells what runs, what begins, what is measured, and what ends', async () => {
    const first = await running('f');
    using stream = await open('/migrations/progress');
    const begun = await stream.until((told) => told.some(({ data }) => data.id === first.id));
    expect(begun[0]?.event).toBe('running');
    expect(begun[0]?.data.ids).toContain(first.id);
    const second = await running('g');
    await second.publish(9);
    await stream.until((told) =>
      told.some(({ event, data }) => event === 'live' && data.id === second.id && data.at === 9 && data.map === null),
    );
    await second.append({ kind: 'failed', code: 'target-write', message: 'gone', goesOn: true });
    const told = await stream.until((all) => all.some(({ data }) => data.id === second.id && data.state === 'failed'));
    expect(told.at(-1)?.data.failure).toMatchObject({ code: 'target-write', title: 'Writing to the target failed.' });
  });
});

describe('listeners', () => {
  it('are as many as there is room for', async () => {
    const { id } = await running('h');
    const path = `/migrations/${id}/progress`;
    while ((await scene.listening()) > 0) await sleep(10);
    const streams = await Promise.all(Array.from({ length: 256 }, () => open(path)));
    const { status, body, headers } = await scene.send('viewer', `GET ${path}`);
    expect({ status, code: body.code, wait: headers['retry-after'] }).toEqual({
      status: 503,
      code: 'too-many-listeners',
      wait: '5',
    });
    for (const stream of streams) stream[Symbol.dispose]();
  });

  it('end when the service does', async () => {
    const own = await apiScene();
    const where = await own.api.listen({ port: 0, host: '127.0.0.1' });
    const { id } = await own.stores.migrations.create(dataRequest('x'));
    using stream = await EventStream.open(`${where}/api/v1/migrations/${id}/progress`, {
      authorization: `Bearer ${own.tokens.viewer}`,
    });
    const began = Date.now();
    await own[Symbol.asyncDispose]();
    await stream.ended;
    expect(Date.now() - began).toBeLessThan(3000);
  });
});
