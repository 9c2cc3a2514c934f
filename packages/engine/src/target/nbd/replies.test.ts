import { describe, expect, it } from 'vitest';
import {
  type HonestSetup,
  type NbdClient,
  type NbdRequest,
  chunk,
  honestHandshake,
  scriptedNbd,
  simpleReply,
  takeRequest,
  u16,
  u32,
  u64,
} from '../../../testing/scripted-nbd.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { KiB, MiB } from '../../base/align.ts';
import { parseNbdAddress } from './nbd-address.ts';
import type { NbdTarget } from './nbd-target.ts';
import { type NbdOptions, openNbdTarget } from './open-nbd-target.ts';

const UNREACHABLE = 'target-unreachable';

describe('a server that breaks the transmission of NBD', () => {
  type Answer = (request: NbdRequest, client: NbdClient) => void;
  const reads: [string, HonestSetup, Answer][] = [
    ['replies with a wrong magic', {}, (_, client) => client.send(Buffer.alloc(16, 0xff))],
    ['replies to a request that was never sent', {}, (_, client) => client.send(simpleReply(12345n))],
    [
      'leaves in the middle of the data',
      {},
      ({ cookie }, client) => (client.send(simpleReply(cookie), 'abc'), client.drop()),
    ],
    [
      'sends chunks nobody asked for',
      {},
      ({ cookie }, client) => client.send(chunk(cookie, 0, Buffer.alloc(0), { flags: 1 })),
    ],
    [
      'reads by a simple reply',
      { structured: true },
      ({ cookie }, client) => client.send(simpleReply(cookie), Buffer.alloc(8192)),
    ],
    [
      'ends before everything came',
      { structured: true },
      (r, client) => client.send(chunk(r.cookie, 1, data(r, 0, 4096), { flags: 1 })),
    ],
    [
      'sends nothing at all',
      { structured: true },
      (r, client) => client.send(chunk(r.cookie, 0, Buffer.alloc(0), { flags: 1 })),
    ],
    [
      'sends the same place twice',
      { structured: true },
      (r, client) =>
        client.send(chunk(r.cookie, 1, data(r, 0, 4096)), chunk(r.cookie, 1, data(r, 4095, 4097), { flags: 1 })),
    ],
    [
      'sends data behind the end',
      { structured: true },
      (r, client) => client.send(chunk(r.cookie, 1, data(r, 8000, 193))),
    ],
    [
      'sends data before the start',
      { structured: true },
      (r, client) => client.send(chunk(r.cookie, 1, data({ ...r, offset: 0 }, 0, 10))),
    ],
    [
      'announces 4 GiB of data',
      { structured: true },
      (r, client) => client.send(chunk(r.cookie, 1, data(r, 0, 10), { length: 2 ** 32 - 1 })),
    ],
    [
      'sends an endless hole',
      { structured: true },
      (r, client) => client.send(chunk(r.cookie, 2, Buffer.concat([u64(r.offset), u32(2 ** 32 - 1)]))),
    ],
    [
      'sends a chunk of an unknown type',
      { structured: true },
      (r, client) => client.send(chunk(r.cookie, 77, Buffer.alloc(10))),
    ],
    [
      'sends an error without one',
      { structured: true },
      (r, client) => client.send(chunk(r.cookie, 32769, Buffer.alloc(6), { flags: 1 })),
    ],
    [
      'sends an error of 1 GiB',
      { structured: true },
      (r, client) => client.send(chunk(r.cookie, 32769, Buffer.alloc(6), { length: 2 ** 30 })),
    ],
    [
      'sends chunks without end',
      { structured: true },
      (r, client) => {
        const one = chunk(r.cookie, 32769, Buffer.concat([u32(5), u16(0)]));
        client.send(...Array.from({ length: 20_000 }, () => one));
      },
    ],
    [
      'sends a block status for a read',
      { structured: true },
      (r, client) => client.send(chunk(r.cookie, 5, Buffer.alloc(12))),
    ],
  ];

  it.each(reads)('and %s is dropped, with every request', async (_, setup, answer) => {
    await using server = await scriptedNbd(async (client) => {
      await honestHandshake(client, setup);
      for (;;) {
        const request = await takeRequest(client);
        if (request.command === 7)
          client.send(chunk(request.cookie, 32769, Buffer.concat([u32(22), u16(0)]), { flags: 1 }));
        else answer(request, client);
      }
    });
    await using target = await open(server.address);
    const into = new Uint8Array(8192);
    const both = await Promise.allSettled([
      target.readBack.read(512 * KiB, into),
      target.readBack.read(600 * KiB, new Uint8Array(8192)),
    ]);
    for (const outcome of both) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: UNREACHABLE } });
    await expect(target.flush()).rejects.toMatchObject({ code: UNREACHABLE });
  });

  it.each([
    ['of another context', Buffer.concat([u32(1), u32(1024), u32(3)])],
    ['of no length', Buffer.concat([u32(9), u32(0), u32(3)])],
    ['without an extent', u32(9)],
    ['of a broken length', Buffer.concat([u32(9), u32(1024), u32(3), u32(0)])],
  ])('and gives a block status %s is refused', async (_, body) => {
    await using server = await scriptedNbd(async (client) => {
      await honestHandshake(client, { structured: true });
      const { cookie } = await takeRequest(client);
      client.send(chunk(cookie, 5, body, { flags: 1 }));
    });
    await expect(open(server.address)).rejects.toMatchObject({ code: UNREACHABLE });
  });

  it('may say that it is zero byte by byte, and is believed no longer than it is patient to ask', async () => {
    await using server = await scriptedNbd(async (client) => {
      await honestHandshake(client, { structured: true });
      for (;;) {
        const { command, cookie } = await takeRequest(client);
        if (command === 7) client.send(chunk(cookie, 5, Buffer.concat([u32(9), u32(1), u32(3)]), { flags: 1 }));
      }
    });
    await using target = await open(server.address);
    expect(target.traits.startsZeroed).toBe(false);
  });

  it('and never answers is left when the signal is given, with the write that was on its way', async () => {
    await using server = await scriptedNbd((client) => honestHandshake(client));
    await using target = await open(server.address);
    const writing = target.write(0, seededBytes(1, MiB), AbortSignal.timeout(20));
    await expect(writing).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(target.flush()).rejects.toMatchObject({ code: UNREACHABLE });
  });

  it('and is silent for too long is given up', async () => {
    await using server = await scriptedNbd((client) => honestHandshake(client));
    await using target = await open(server.address, { silenceMs: 50 });
    await expect(target.flush()).rejects.toMatchObject({ code: UNREACHABLE, message: /silent/ });
  });
});

describe('an honest answer of NBD in many pieces', () => {
  it('is put together in any order, with holes', async () => {
    await using server = await scriptedNbd(async (client) => {
      await honestHandshake(client, { structured: true, flags: 5 });
      for (;;) {
        const { cookie, command, offset } = await takeRequest(client);
        if (command !== 0) client.send(chunk(cookie, 32769, Buffer.concat([u32(22), u16(0)]), { flags: 1 }));
        else {
          client.send(chunk(cookie, 1, Buffer.concat([u64(offset + 1024), Buffer.alloc(1024, 3)])));
          client.send(chunk(cookie, 2, Buffer.concat([u64(offset + 512), u32(512)])));
          client.send(chunk(cookie, 1, Buffer.concat([u64(offset), Buffer.alloc(512, 1)])));
          client.send(chunk(cookie, 0, Buffer.alloc(0), { flags: 1 }));
        }
      }
    });
    await using target = await open(server.address);
    const into = Buffer.alloc(2048, 0xee);
    await target.readBack.read(4096, into);
    const expected = [Buffer.alloc(512, 1), Buffer.alloc(512), Buffer.alloc(1024, 3)];
    expect(into.equals(Buffer.concat(expected))).toBe(true);
    const part = Buffer.alloc(1540, 0xee);
    await target.readBack.read(4096 + 507, part);
    expect([part[4], part[5], part[516], part[517]]).toEqual([1, 0, 0, 3]);
  });
});

function open(address: string, options: NbdOptions = {}): Promise<NbdTarget> {
  return openNbdTarget(parseNbdAddress(address), options);
}

/** The body of a data chunk at `start` of what was asked for. */
function data(request: NbdRequest, start: number, length: number): Buffer {
  return Buffer.concat([u64(request.offset + start), Buffer.alloc(length, 7)]);
}
