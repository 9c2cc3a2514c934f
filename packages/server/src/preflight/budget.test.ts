import { describe, expect, it } from 'vitest';
import { collect, MemorySource } from '../../testing/served.ts';
import { BudgetSpent, withBudget } from './budget.ts';

const CONTENT = new Uint8Array(500_000).fill(7);
const read = async (): Promise<void> => undefined;
const expected = { size: CONTENT.length };

describe('a source with a budget', () => {
  it('gives as much as it may, over all streams together, and then closes what it reads', async () => {
    const inner = new MemorySource('disk.img', CONTENT);
    const source = withBudget(inner, 600_000);
    expect(await source.stream({ expect: expected }).then(collect)).toHaveLength(500_000);
    await expect(source.stream({ expect: expected }).then(collect)).rejects.toThrow(BudgetSpent);
    expect(inner.open).toBe(0);
  });

  it('closes a stream that is left', async () => {
    const inner = new MemorySource('disk.img', CONTENT);
    for await (const _chunk of await withBudget(inner, 1e9).stream({ expect: expected })) break;
    expect(inner.open).toBe(0);
  });

  it('counts what is read in place', async () => {
    const inner = new MemorySource('disk.img', CONTENT);
    const direct = Object.assign(inner, {
      bytes: async () => ({ size: 500_000, read, [Symbol.asyncDispose]: async () => undefined }),
    });
    const bytes = await withBudget(direct, 1000).bytes?.(expected);
    await bytes?.read(0, new Uint8Array(1000));
    await expect(bytes?.read(0, new Uint8Array(1))).rejects.toThrow('read 1000 bytes without coming to an end');
  });

  it('asks once what lies there, and again only after a failure', async () => {
    const inner = new MemorySource('disk.img', CONTENT);
    let asked = 0;
    inner.identify = async () => {
      asked++;
      if (asked === 1) throw new Error('broken');
      return { size: 1, ranged: true };
    };
    const source = withBudget(inner, 1000);
    await expect(source.identify()).rejects.toThrow('broken');
    await source.identify();
    expect(await source.identify()).toMatchObject({ size: 1 });
    expect(asked).toBe(2);
  });
});
