import { describe, expect, it } from 'vitest';
import { readBytes } from '../../packages/engine/src/base/bytes.ts';
import { MemoryTarget } from '../../packages/engine/src/target/memory/memory-target.ts';
import { seededRandom } from '../../packages/engine/testing/seeded.ts';
import type { ServedObject } from '../../packages/engine/testing/served-object.ts';
import type { Fault } from '../../packages/engine/testing/server-faults.ts';
import { startTestServer, type TestServer } from '../../packages/engine/testing/test-server.ts';
import { copyByEngine, type EngineCopy } from '../parts/engine-copy.ts';
import { SERVED_DISK, SERVED_IMAGES, SERVED_SIZE } from '../parts/served-images.ts';

const SEED = Number(process.env['DISKFERRY_SEED'] ?? Math.floor(Math.random() * 1e6));
const OTHER = Uint8Array.from(SERVED_DISK, (byte) => byte ^ 0x55);

interface Scene {
  readonly server: TestServer;
  readonly object: ServedObject;
  readonly target: MemoryTarget;
  copy(more?: Partial<EngineCopy>): ReturnType<typeof copyByEngine>;
}

async function scene(name: string, play: (scene: Scene) => Promise<void>, object: Partial<ServedObject> = {}) {
  await using server = await startTestServer();
  const content = SERVED_IMAGES[name] ?? new Uint8Array(0);
  const served: ServedObject = { content, etag: '"one"', ...object };
  const link = server.serve(`/${name}`, served);
  const target = new MemoryTarget(SERVED_SIZE);
  await play({ server, object: served, target, copy: (more) => copyByEngine({ link, target, ...more }) });
}

async function expectEqual(target: MemoryTarget): Promise<void> {
  const found = await readBytes(target.readBack, { offset: 0, length: SERVED_SIZE });
  expect(Buffer.compare(found, SERVED_DISK), 'the target holds the disk').toBe(0);
}

/** Faults that a network has, each at a place drawn at random. */
function networkFaults(random: () => number): readonly Fault[] {
  const after = (): number => Math.floor(random() * 300_000);
  return [
    { kind: 'status', status: 500 },
    { kind: 'status', status: 503 },
    { kind: 'status', status: 429, headers: { 'retry-after': '0' } },
    { kind: 'reset', after: after() },
    { kind: 'end', after: after() },
    { kind: 'stall', after: after() },
    { kind: 'delay', ms: 30 },
  ];
}

for (const name of Object.keys(SERVED_IMAGES)) {
  describe(`${name} from a server with faults, seed ${SEED}`, () => {
    for (const share of [0.1, 0.3]) {
      it(`lands with equal bytes though ${share * 100} % of the answers fail`, async () => {
        await scene(name, async ({ server, target, copy }) => {
          const random = seededRandom(SEED);
          for (const fault of networkFaults(random)) {
            server.fault(fault, { times: 1000, when: () => random() < share / 6 });
          }
          await copy();
          await expectEqual(target);
        });
      });
    }

    it('lands with equal bytes though connections are reset at random bytes', async () => {
      await scene(name, async ({ server, target, copy }) => {
        const random = seededRandom(SEED + 1);
        for (let turn = 0; turn < 12; turn++) {
          server.fault({ kind: 'reset', after: Math.floor(random() * 2_000_000) }, { when: () => random() < 0.5 });
        }
        await copy();
        await expectEqual(target);
      });
    });

    it('waits as long as Retry-After says', async () => {
      await scene(name, async ({ server, target, copy }) => {
        server.fault({ kind: 'status', status: 503, headers: { 'retry-after': '1' } });
        const begun = Date.now();
        await copy();
        expect(Date.now() - begun).toBeGreaterThanOrEqual(990);
        await expectEqual(target);
      });
    });

    for (const conditions of [true, false]) {
      const title = conditions ? '' : ', also where the server knows no If-Match';
      it(`is never done when the object changes midway${title}`, async () => {
        await scene(
          name,
          async ({ server, object, copy }) => {
            const begun = server.requests.length;
            server.guard(({ headers }) => {
              const isFurtherOn = Number(/=(\d+)-/.exec(headers['range'] ?? '')?.[1] ?? 0) > 0;
              if (!isFurtherOn && server.requests.length < begun + 8) return undefined;
              Object.assign(object, {
                content: OTHER.subarray(0, (object.content as Uint8Array).length),
                etag: '"two"',
              });
              return undefined;
            });
            server.fault({ kind: 'reset', after: 100_000 }, { times: 3 });
            await expect(copy()).rejects.toMatchObject({ code: 'source-changed' });
          },
          { conditions },
        );
      });
    }

    it('lands in one pass from a server without ranges, or is refused by name', async () => {
      await scene(
        name,
        async ({ target, copy }) => {
          await copy();
          await expectEqual(target);
        },
        { ranges: false },
      );
    });

    it('lands from a server that tells no length', async () => {
      await scene(
        name,
        async ({ target, copy }) => {
          await copy();
          await expectEqual(target);
        },
        { ranges: false, length: false },
      );
    });

    it('does not follow a redirect to the loopback unless it is allowed', async () => {
      await scene(name, async ({ server, object, target, copy }) => {
        await using trap = await startTestServer({ host: '127.0.0.2' });
        const to = trap.serve('/elsewhere', object);
        server.fault({ kind: 'redirect', to }, { times: 1000 });
        await expect(copy()).rejects.toMatchObject({
          code: 'source-address',
          hint: expect.stringContaining('--allow-private'),
        });
        expect(trap.requests).toHaveLength(0);
        expect(target.disk.isBlank).toBe(true);
        await copy({ options: { policy: { allowNamedHost: true, allowPrivate: true } } });
        await expectEqual(target);
      });
    });

    it('ends at once when it is told to, and leaves no connection', async () => {
      await scene(name, async ({ server, copy }) => {
        server.fault({ kind: 'stall', after: 200_000 }, { times: 1000, when: () => server.requests.length > 3 });
        const stop = new AbortController();
        setTimeout(() => stop.abort(), 300);
        const begun = Date.now();
        await expect(copy({ signal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' });
        expect(Date.now() - begun).toBeLessThan(2000);
        await expect.poll(() => server.connections).toBe(0);
      });
    });
  });
}
