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

it('keeps what is said while others are being written, and counts what is too much', async () => {
  const kept: (readonly NewLine[])[] = [];
  const gate = Promise.withResolvers<void>();
  const append = async (_id: string, _fence: number, more: readonly NewLine[]) => {
    kept.push(more);
    await gate.promise;
  };
  const lines = new SpokenLines({ append }, { id: 'm', fence: 1 }, () => undefined);
  lines.say('info', 'first');
  const writing = lines.flush();
  for (let count = 0; count < 205; count += 1) lines.say('info', `line ${count}`);
  gate.resolve();
  await writing;
  await lines.flush();
  await lines.flush();
  expect(kept.map((written) => written.length)).toEqual([1, 200]);
  expect(kept[1]?.slice(-2).map(({ text }) => text)).toEqual(['line 198', '6 more lines are left out here']);
});

it('says what it left out also where nothing is said any more', async () => {
  const kept: string[] = [];
  const gate = Promise.withResolvers<void>();
  const append = async (_id: string, _fence: number, more: readonly NewLine[]) => {
    kept.push(...more.map(({ text }) => text));
    await gate.promise;
  };
  const lines = new SpokenLines({ append }, { id: 'm', fence: 1 }, () => undefined);
  for (let count = 0; count < 200; count += 1) lines.say('info', `line ${count}`);
  const writing = lines.flush();
  lines.say('info', 'too much');
  gate.resolve();
  await writing;
  await lines.flush();
  expect(kept.slice(199)).toEqual(['line 199', '1 more lines are left out here']);
});
