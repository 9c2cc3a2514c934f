import { expect, it } from 'vitest';
import type { Channel, Message } from './channel.ts';
import { SerialStream } from './serial-stream.ts';

/** A console that the test writes to, and a client that keeps what it is told. */
function stage(from?: number) {
  let written = Buffer.alloc(0);
  const told: Message[] = [];
  const channel = { send: async (message: Message) => void told.push(message) } as unknown as Channel;
  const read = async (last: number) => ({ bytes: written.subarray(-last), end: written.length });
  return {
    told,
    stream: new SerialStream(channel, { read, from }),
    write: (text: string | Uint8Array) => void (written = Buffer.concat([written, Buffer.from(text as string)])),
    restart: (text: string) => void (written = Buffer.from(text)),
  };
}
const texts = (told: readonly Message[]) => told.map(({ data }) => (data as { readonly text?: string }).text);

it('tells what is there, then what is new, and nothing twice', async () => {
  const { told, stream, write } = stage();
  write('boot\nMARK\n');
  for (let look = 0; look < 3; look += 1) await stream.look();
  write('MARK\nMARK\n');
  await stream.look();
  expect(texts(told)).toEqual(['boot\nMARK\n', 'MARK\nMARK\n']);
  expect(told.map(({ id }) => id)).toEqual(['10', '20']);
});

it('goes on behind what the client has', async () => {
  const { told, stream, write } = stage(5);
  write('boot\nMARK\n');
  await stream.look();
  expect(texts(told)).toEqual(['MARK\n']);
});

it('does not break a letter that came in two pieces', async () => {
  const { told, stream, write } = stage();
  const bytes = Buffer.from('起動');
  for (const part of [bytes.subarray(0, 2), bytes.subarray(2, 4), bytes.subarray(4)]) {
    write(part);
    await stream.look();
  }
  expect(texts(told).join('')).toBe('起動');
});

it('says that the instance was started anew', async () => {
  const { told, stream, write, restart } = stage();
  write('a long first life');
  await stream.look();
  restart('second');
  await stream.look();
  expect(told.map(({ event }) => event)).toEqual(['serial', 'restarted', 'serial']);
  expect(texts(told).at(-1)).toBe('second');
});

it('says how much it left out', async () => {
  const { told, stream, write } = stage();
  write('x');
  await stream.look();
  write('y'.repeat(100_000));
  await stream.look();
  expect(told.at(-1)?.data).toMatchObject({ skipped: 100_000 - 65_536, end: 100_001 });
});
