import { expect, it } from 'vitest';
import type { NewLine } from '../../live/lines.ts';
import { SpokenLines } from './spoken-lines.ts';

function stage() {
  const kept: NewLine[] = [];
  const logged: unknown[][] = [];
  const store = {
    isDown: false,
    append: async (_id: string, _fence: number, lines: readonly NewLine[]) => {
      if (store.isDown) throw new Error('down');
      kept.push(...lines);
    },
  };
  const lines = new SpokenLines(store, { id: 'm-1', fence: 3 }, (...line) => void logged.push(line));
  return { kept, logged, store, lines };
}

it('goes to the log of the process at once, and into the store when it is flushed', async () => {
  const { kept, logged, lines } = stage();
  lines.say('warn', 'a\u001b[31mb', { code: 'x' });
  expect(logged).toEqual([['warn', 'a [31mb', { migration: 'm-1', code: 'x' }]]);
  expect(kept).toEqual([]);
  await lines.flush();
  await lines.flush();
  expect(kept).toMatchObject([{ level: 'warn', text: 'a [31mb' }]);
});

it('is kept over an outage of the store, in order, and what is too much is counted', async () => {
  const { kept, store, lines } = stage();
  store.isDown = true;
  for (let count = 0; count < 250; count += 1) lines.say('info', `line ${count}`);
  await lines.flush();
  store.isDown = false;
  await lines.flush();
  lines.say('info', 'after');
  await lines.flush();
  expect(kept).toHaveLength(202);
  expect(kept[199]?.text).toBe('line 199');
  expect(kept[200]?.text).toBe('50 more lines are left out here');
  expect(kept[201]?.text).toBe('after');
});
