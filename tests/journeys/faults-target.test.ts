import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBytes } from '../../packages/engine/src/base/bytes.ts';
import type { ErrorCode } from '../../packages/engine/src/index.ts';
import { MemoryDisk } from '../../packages/engine/src/target/memory/memory-disk.ts';
import { MemoryTarget } from '../../packages/engine/src/target/memory/memory-target.ts';
import { faultyTarget, type Fault } from '../../packages/engine/testing/faulty-target.ts';
import { MemoryCheckpoint } from '../../packages/engine/testing/memory-checkpoint.ts';
import { seededBytes } from '../../packages/engine/testing/seeded.ts';
import { startTestServer, type TestServer } from '../../packages/engine/testing/test-server.ts';
import { copyByEngine } from '../parts/engine-copy.ts';
import { SERVED_DISK, SERVED_IMAGES, SERVED_SIZE } from '../parts/served-images.ts';

const MiB = 1024 * 1024;

/** What goes wrong at the target, and the error it must come to. */
const FAULTS: readonly (readonly [string, Fault, ErrorCode])[] = [
  ['a write that fails once', { kind: 'error', errno: 'EIO', after: 2 }, 'target-write'],
  ['a write that is torn', { kind: 'torn', keep: 70_000, after: 1 }, 'target-write'],
  ['a flush that fails once', { kind: 'error', errno: 'EIO', on: 'flush' }, 'target-write'],
  ['a disk that is full', { kind: 'error', errno: 'ENOSPC', after: 3 }, 'target-full'],
  ['a connection that breaks', { kind: 'error', errno: 'EPIPE', after: 1 }, 'target-unreachable'],
  ['a read-back that fails', { kind: 'error', errno: 'EIO', on: 'read' }, 'target-read'],
  ['a read-back with another bit', { kind: 'flip', bit: 3 }, 'target-differs'],
  ['a write that is lost', { kind: 'lost', after: 1 }, 'target-differs'],
];

describe('a target with faults', () => {
  let server: TestServer;
  const links = new Map<string, string>();

  beforeAll(async () => {
    server = await startTestServer();
    for (const [name, content] of Object.entries(SERVED_IMAGES)) {
      links.set(name, server.serve(`/${name}`, { content, etag: '"one"' }));
    }
  });
  afterAll(() => server[Symbol.asyncDispose]());

  for (const name of Object.keys(SERVED_IMAGES)) {
    for (const [title, fault, code] of FAULTS) {
      for (const old of [false, true]) {
        const onto = old ? ' full of old data' : '';
        it(`${title} on a target${onto} ends ${name} with ${code}, and the next run goes on to equal bytes`, async () => {
          const disk = new MemoryDisk(SERVED_SIZE);
          if (old) disk.write(0, seededBytes(31, SERVED_SIZE));
          const checkpoint = new MemoryCheckpoint({ startedZeroed: !old });
          const link = links.get(name) ?? '';
          const faulty = faultyTarget(new MemoryTarget(disk), [fault]);
          await expect(copyByEngine({ link, target: faulty, checkpoint })).rejects.toMatchObject({ code });
          expect(faulty.struck).toBe(1);
          expect(faulty.inFlight, 'calls that are still on their way').toBe(0);
          const target = new MemoryTarget(disk);
          await copyByEngine({ link, target, checkpoint });
          const found = await readBytes(target.readBack, { offset: 0, length: SERVED_SIZE });
          expect(Buffer.compare(found, SERVED_DISK), 'the target holds the disk').toBe(0);
        });
      }
    }

    it(`${name} waits for a slow target without taking more than a few writes at once`, async () => {
      const target = faultyTarget(new MemoryTarget(SERVED_SIZE), [{ kind: 'delay', ms: 20, times: 1000 }]);
      let most = 0;
      const watch = setInterval(() => (most = Math.max(most, target.inFlight)), 1);
      await copyByEngine({ link: links.get(name) ?? '', target });
      clearInterval(watch);
      expect(most).toBeLessThanOrEqual(8);
    });

    it(`${name} stops waiting for a target that hangs when it is told to`, async () => {
      const target = faultyTarget(new MemoryTarget(SERVED_SIZE), [{ kind: 'hang', after: 1 }]);
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 500);
      const work = copyByEngine({ link: links.get(name) ?? '', target, signal: stop.signal });
      await expect(work).rejects.toMatchObject({ name: 'AbortError' });
      expect(target.inFlight).toBe(0);
    });
  }

  it('a disk that is larger than the target is refused before anything is written', async () => {
    for (const link of links.values()) {
      const target = faultyTarget(new MemoryTarget(SERVED_SIZE - MiB), []);
      await expect(copyByEngine({ link, target })).rejects.toMatchObject({ code: 'target-too-small' });
      if (!link.endsWith('.gz')) expect(target.calls).toHaveLength(0);
    }
  });
});
