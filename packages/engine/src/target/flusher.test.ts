import { expect, it } from 'vitest';
import { Flusher } from './flusher.ts';

it('Flusher shares a flush only with those who came before it began', async () => {
  const ends: (() => void)[] = [];
  const flusher = new Flusher(() => new Promise<void>((resolve) => void ends.push(resolve)));
  const first = flusher.flush();
  const shared = flusher.flush();
  await Promise.resolve();
  expect(ends.length).toBe(1);
  const later = [flusher.flush(), flusher.flush()];
  await new Promise((resolve) => setImmediate(resolve));
  expect(ends.length).toBe(1);
  ends[0]?.();
  await Promise.all([first, shared]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(ends.length).toBe(2);
  ends[1]?.();
  await Promise.all(later);
});

it('Flusher fails for ever after it failed once, also for who waited meanwhile', async () => {
  let count = 0;
  const flusher = new Flusher(async () => {
    if (++count === 2) throw new Error('EIO');
  });
  await flusher.flush();
  const second = flusher.flush();
  await Promise.resolve();
  const waiting = flusher.flush();
  for (const outcome of await Promise.allSettled([second, waiting])) expect(outcome.status).toBe('rejected');
  await expect(flusher.flush()).rejects.toThrow('EIO');
  expect(count).toBe(2);
});
