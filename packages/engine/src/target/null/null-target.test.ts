import { expect, it } from 'vitest';
import { NullTarget } from './null-target.ts';

it('the null target counts what it is given and refuses what leaves its size', async () => {
  const target = new NullTarget(10_000);
  await target.write(1, new Uint8Array(99));
  await target.zero({ offset: 100, length: 9900 }, { mayPunch: false });
  await target.flush();
  expect(target.counts).toEqual({ written: 99, zeroed: 9900, flushes: 1 });
  await expect(target.write(9999, new Uint8Array(2))).rejects.toMatchObject({ code: 'internal', offset: 9999 });
  await target[Symbol.asyncDispose]();
  await expect(target.flush()).rejects.toMatchObject({ code: 'internal' });
  expect(target.counts.written).toBe(99);
});
