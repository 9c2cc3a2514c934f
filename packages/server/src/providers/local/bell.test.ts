import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Bell } from './bell.ts';

describe('the bell', () => {
  it('is heard from the call on, once for all that rang while the listener was busy', async () => {
    const [bell, over] = [new Bell(), new AbortController()];
    bell.ring();
    const heard = bell.listen(over.signal)[Symbol.asyncIterator]();
    bell.ring();
    bell.ring();
    expect(await heard.next()).toEqual({ done: false, value: undefined });
    let again = false;
    const next = heard.next().then(() => (again = true));
    await turn();
    expect(again).toBe(false);
    bell.ring();
    await next;
  });

  it('ends for a listener whose signal is given, waiting or not', async () => {
    const [bell, over] = [new Bell(), new AbortController()];
    const [waiting, late] = [bell.listen(over.signal), bell.listen(over.signal)];
    bell.ring();
    let rings = 0;
    const listening = (async () => {
      for await (const _ of waiting) rings++;
    })();
    await turn();
    over.abort();
    await listening;
    bell.ring();
    for await (const _ of late) rings++;
    for await (const _ of bell.listen(over.signal)) rings++;
    expect(rings).toBe(1);
  });

  it('does not keep a listener who has left', async () => {
    const [bell, over] = [new Bell(), new AbortController()];
    const heard = bell.listen(over.signal);
    bell.ring();
    for await (const _ of heard) break;
    bell.ring();
    expect(await heard[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
  });
});
