import { expect, it } from 'vitest';
import { MemoryTarget } from '../src/target/memory/memory-target.ts';
import { faultyTarget } from './faulty-target.ts';

const bytes = new Uint8Array(100).fill(7);

async function stored(target: MemoryTarget): Promise<number> {
  const content = new Uint8Array(target.size);
  target.disk.read(0, content);
  return content.reduce((sum, byte) => sum + byte, 0) / 7;
}

it('an error strikes where and as often as it is told', async () => {
  const inner = new MemoryTarget(1000);
  const target = faultyTarget(inner, [{ kind: 'error', errno: 'EIO', at: 150, times: 2, after: 1 }]);
  await target.write(0, bytes);
  await target.write(100, bytes);
  await expect(target.write(100, bytes)).rejects.toMatchObject({ code: 'target-write', offset: 100 });
  await expect(target.write(51, bytes)).rejects.toMatchObject({ code: 'target-write' });
  await target.write(100, bytes);
  expect([target.struck, target.calls.length, target.inFlight]).toEqual([2, 5, 0]);
  expect(await stored(inner)).toBe(200);
});

it('ENOSPC, a broken pipe and a failed flush have their codes', async () => {
  const target = faultyTarget(new MemoryTarget(1000), [
    { kind: 'error', errno: 'ENOSPC' },
    { kind: 'error', errno: 'EPIPE', on: 'flush' },
    { kind: 'error', errno: 'EIO', on: 'read' },
  ]);
  await expect(target.write(0, bytes)).rejects.toMatchObject({ code: 'target-full' });
  await expect(target.flush()).rejects.toMatchObject({ code: 'target-unreachable' });
  await expect(target.readBack?.read(0, new Uint8Array(1))).rejects.toMatchObject({ code: 'target-read' });
  await target.flush();
});

it('a torn write stores its beginning and fails, a lost one succeeds and stores nothing', async () => {
  const inner = new MemoryTarget(1000);
  const target = faultyTarget(inner, [{ kind: 'torn', keep: 30 }, { kind: 'lost' }]);
  await expect(target.write(0, bytes)).rejects.toMatchObject({ code: 'target-write' });
  expect(await stored(inner)).toBe(30);
  await target.write(500, bytes);
  expect(await stored(inner)).toBe(30);
});

it('a flipped bit is seen once by the one who reads it back', async () => {
  const inner = new MemoryTarget(1000);
  const target = faultyTarget(inner, [{ kind: 'flip', at: 42, bit: 3 }]);
  const into = new Uint8Array(10);
  await target.readBack?.read(40, into);
  expect([...into]).toEqual([0, 0, 8, 0, 0, 0, 0, 0, 0, 0]);
  await target.readBack?.read(40, into);
  expect(Math.max(...into)).toBe(0);
});

it('a delay and a hang end with the signal, and nothing is stored', async () => {
  const inner = new MemoryTarget(1000);
  const target = faultyTarget(inner, [{ kind: 'hang' }, { kind: 'delay', ms: 60_000 }, { kind: 'delay', ms: 1 }]);
  await expect(target.write(0, bytes, AbortSignal.timeout(5))).rejects.toMatchObject({ name: 'TimeoutError' });
  await expect(target.write(0, bytes, AbortSignal.timeout(5))).rejects.toMatchObject({ name: 'AbortError' });
  expect(await stored(inner)).toBe(0);
  await target.write(0, bytes);
  expect(await stored(inner)).toBe(100);
});
