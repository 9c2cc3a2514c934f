import { expect, it } from 'vitest';
import { Slots } from './slots.ts';

it('Slots lets as many in as there are places, the others in the order in which they came', async () => {
  const slots = new Slots(2);
  await slots.acquire();
  await slots.acquire();
  const order: number[] = [];
  const waiting = [1, 2, 3].map((index) => slots.acquire().then(() => order.push(index)));
  slots.release();
  slots.release();
  await Promise.all(waiting.slice(0, 2));
  expect(order).toEqual([1, 2]);
  slots.release();
  await waiting[2];
  expect(order).toEqual([1, 2, 3]);
});

it('Slots lets go of who is aborted, and his place in line goes to the next', async () => {
  const slots = new Slots(1);
  await slots.acquire();
  const abort = new AbortController();
  const gone = slots.acquire(abort.signal);
  const next = slots.acquire();
  abort.abort();
  await expect(gone).rejects.toMatchObject({ name: 'AbortError' });
  slots.release();
  await next;
});

it('Slots rejects everybody once it is closed', async () => {
  const slots = new Slots(1);
  await slots.acquire();
  const reason = new Error('lost');
  const waiting = [slots.acquire(), slots.acquire()];
  slots.close(reason);
  for (const outcome of await Promise.allSettled(waiting))
    expect(outcome).toMatchObject({ status: 'rejected', reason });
  await expect(slots.acquire()).rejects.toBe(reason);
});
