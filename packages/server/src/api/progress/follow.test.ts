import { expect, it } from 'vitest';
import { follow } from './follow.ts';
import type { Listener } from './hub.ts';
import type { News } from './look.ts';

const newsOf = (id: string, version: number) => ({ migration: { id, version } }) as News;

function stage() {
  const listeners = new Set<Listener>();
  const hub = {
    listen: (_id: string | null, listener: Listener) => (
      listeners.add(listener),
      () => void listeners.delete(listener)
    ),
  };
  const told: string[] = [];
  const newest = { tell: ({ migration: { id, version } }: News) => void told.push(`${id} ${version}`) };
  return { hub, listeners, told, newest, tellAll: (news: News) => listeners.forEach((listener) => listener(news)) };
}

it('tells what comes while it begins, the last of each, and then all that comes, until the client is gone', async () => {
  const { hub, listeners, told, newest, tellAll } = stage();
  const gone = Promise.withResolvers<void>();
  await follow(hub, null, async () => {
    for (const news of [newsOf('a', 2), newsOf('b', 5), newsOf('a', 3)]) tellAll(news);
    newest.tell(newsOf('a', 1));
    return { channel: { ended: gone.promise }, newest };
  });
  tellAll(newsOf('b', 6));
  expect(told).toEqual(['a 1', 'a 3', 'b 5', 'b 6']);
  gone.resolve();
  await gone.promise;
  expect(listeners.size).toBe(0);
});

it('listens no more where it cannot begin', async () => {
  const { hub, listeners } = stage();
  const refused = follow(hub, 'a', async () => Promise.reject(new Error('there is none')));
  await expect(refused).rejects.toThrow('there is none');
  expect(listeners.size).toBe(0);
});
