import { setImmediate as later } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Turns } from './turns.ts';

describe('Turns', () => {
  it('lets so many run, so many wait in their order, and refuses the rest', async () => {
    const turns = new Turns({ atOnce: 2, waiting: 3 });
    const running: (() => void)[] = [];
    const began: number[] = [];
    const all = Array.from({ length: 7 }, (_, index) =>
      turns.take(async () => {
        began.push(index);
        await new Promise<void>((done) => running.push(done));
        if (index === 1) throw new Error('of its own');
        return index;
      }),
    );
    const results = Promise.allSettled(all);
    for (const expected of [
      [0, 1],
      [0, 1, 2],
      [0, 1, 2, 3],
      [0, 1, 2, 3, 4],
    ]) {
      await later();
      expect(began).toEqual(expected);
      running.shift()?.();
    }
    for (let left = 0; left < 2; left++) {
      await later();
      running.shift()?.();
    }
    const codes = (await results).map((each) =>
      each.status === 'fulfilled'
        ? each.value
        : ((each.reason as { code?: string }).code ?? (each.reason as Error).message),
    );
    expect(codes).toEqual([0, 'of its own', 2, 3, 4, 'too-many-tries', 'too-many-tries']);
    expect(await turns.take(async () => 'again')).toBe('again');
  });
});
