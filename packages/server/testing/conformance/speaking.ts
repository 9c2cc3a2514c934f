import { describe, expect, it } from 'vitest';
import { MOST_LINES, type NewLine } from '../../src/live/lines.ts';
import { dataRequest } from '../requests.ts';
import { claimed, expectRefused, LEASE, onStage, type MakeDatabase } from './scene.ts';

const line = (text: string, at = 1): NewLine => ({ at, level: 'info', text });

export function speaking(make: MakeDatabase): void {
  describe('lines of the log', () => {
    it('are kept in their order, counted, and read from where one stands', () =>
      onStage(make, async ({ stores: { lines }, store, anotherStores }) => {
        const { migration, fence } = await claimed(store, 'w1');
        const { id } = migration;
        expect(await lines.read(id)).toEqual([]);
        await lines.append(id, fence, []);
        await lines.append(id, fence, [line('a'), { ...line('b', 2), level: 'warn' }]);
        await lines.append(id, fence, [line('c', 3)]);
        const other = (await anotherStores()).lines;
        expect(await other.read(id)).toEqual([
          { seq: 1, at: 1, level: 'info', text: 'a' },
          { seq: 2, at: 2, level: 'warn', text: 'b' },
          { seq: 3, at: 3, level: 'info', text: 'c' },
        ]);
        expect((await other.read(id, 2)).map(({ text }) => text)).toEqual(['c']);
        expect([...(await other.newest([id, 'no-such', '\0']))]).toEqual([[id, 3]]);
        expect([...(await other.newest([]))]).toEqual([]);
        expect(await other.read('\0')).toEqual([]);
      }));

    it('of who does not hold the migration are refused, and those of the next worker follow', () =>
      onStage(make, async ({ stores: { lines }, store, clock }) => {
        const { migration, fence } = await claimed(store, 'w1');
        const { id } = migration;
        await lines.append(id, fence, [line('first')]);
        await expectRefused(lines.append(id, fence + 1, [line('x')]), 'stale-fence');
        await expectRefused(lines.append('no-such', fence, [line('x')]), 'not-found');
        clock.pass(LEASE.leaseMs);
        const second = await store.claim('w2', LEASE);
        await expectRefused(lines.append(id, fence, [line('late')]), 'stale-fence');
        await lines.append(id, second?.fence ?? 0, [line('second')]);
        expect((await lines.read(id)).map(({ seq, text }) => [seq, text])).toEqual([
          [1, 'first'],
          [2, 'second'],
        ]);
      }));

    it('are bounded: of very many the newest stay', () =>
      onStage(make, async ({ stores: { lines }, store }) => {
        const { migration, fence } = await claimed(store, 'w1', dataRequest('long'));
        const { id } = migration;
        for (let turn = 0; turn < 3; turn++) {
          await lines.append(
            id,
            fence,
            Array.from({ length: 500 }, (_, count) => line(`${turn * 500 + count}`)),
          );
        }
        const kept = await lines.read(id);
        expect(kept).toHaveLength(MOST_LINES);
        expect([kept[0]?.text, kept.at(-1)?.text]).toEqual(['500', '1499']);
        expect(kept.at(-1)?.seq).toBe(1500);
      }));
  });
}
