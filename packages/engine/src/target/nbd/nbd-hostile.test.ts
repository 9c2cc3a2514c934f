import { describe, expect, it } from 'vitest';
import {
  GREETING,
  type HonestSetup,
  type NbdClient,
  type NbdRequest,
  blockSizeInfo,
  chunk,
  exportInfo,
  greet,
  honestHandshake,
  optionReply,
  scriptedNbd,
  simpleReply,
  takeOption,
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
const UNSUPPORTED = 'target-unsupported';

describe('a server that breaks the handshake of NBD', () => {
  const cases: [string, string, (client: NbdClient) => Promise<void>][] = [
    ['is no NBD server', UNSUPPORTED, async (client) => client.send('HTTP/1.1 400 Bad Request\r\n\r\n')],
    [
      'speaks oldstyle',
      UNSUPPORTED,
      async (client) => client.send('NBDMAGIC', u64(0x420281861253n), Buffer.alloc(144)),
    ],
    ['says nothing', UNREACHABLE, async () => {}],
    ['leaves in its greeting', UNREACHABLE, async (client) => (client.send('NBDMAG'), client.drop())],
    ['leaves before the options', UNREACHABLE, async (client) => (await greet(client), client.drop())],
    ['replies without the magic', UNREACHABLE, async (client) => (await greet(client), client.send(Buffer.alloc(20)))],
    [
      'replies to another option',
      UNREACHABLE,
      async (client) => (await greet(client), client.send(optionReply(99, 1))),
    ],
    [
      'announces 4 GiB of reply',
      UNREACHABLE,
      async (client) => (await greet(client), client.send(optionReply(8, 1).subarray(0, 16), u32(2 ** 32 - 1))),
    ],
    ['replies without end', UNREACHABLE, (client) => endless(client, optionReply(8, 2))],
    ['demands TLS', UNSUPPORTED, async (client) => (await greet(client), client.send(optionReply(8, 0x80000005)))],
    ['acknowledges without an export', UNREACHABLE, (client) => afterGo(client, [optionReply(7, 1)])],
    ['gives a short export', UNREACHABLE, (client) => afterGo(client, [optionReply(7, 3, u16(0))])],
    ['gives an export of 16 EiB', UNSUPPORTED, (client) => afterGo(client, [exportInfo(2n ** 64n - 1n, 5)])],
    ['has blocks of 3 bytes', UNREACHABLE, (client) => afterGo(client, [blockSizeInfo(3, 512, 1024)])],
    ['has blocks of 1 GiB', UNREACHABLE, (client) => afterGo(client, [blockSizeInfo(2 ** 30, 2 ** 30, 2 ** 30)])],
    ['takes less than a block', UNREACHABLE, (client) => afterGo(client, [blockSizeInfo(4096, 4096, 512)])],
    ['does not know the export', 'target-not-found', (client) => afterGo(client, [optionReply(7, 0x80000006)])],
    ['forbids it', 'target-not-writable', (client) => afterGo(client, [optionReply(7, 0x80000002, Buffer.from('no'))])],
    ['can neither flush nor FUA', UNSUPPORTED, (client) => honestHandshake(client, { flags: 1 })],
    ['is read-only', 'target-not-writable', (client) => honestHandshake(client, { flags: 7 })],
  ];

  it.each(cases)('and %s is refused', async (_, code, script) => {
    await using server = await scriptedNbd(script);
    await expect(open(server.address, { handshakeMs: 300 })).rejects.toMatchObject({ code });
  });

  it('may be given up while it says nothing', async () => {
    await using server = await scriptedNbd(async () => {});
    const opening = open(server.address, { signal: AbortSignal.timeout(20) });
    await expect(opening).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('an old but honest NBD server', () => {
  it('is taken by NBD_OPT_EXPORT_NAME', async () => {
    await using server = await scriptedNbd(async (client) => {
      await greet(client);
      for (;;) {
        const { option, data } = await takeOption(client);
        if (option !== 1) client.send(optionReply(option, 0x80000001));
        else if (data.toString() === 'disk') break;
      }
      client.send(u64(2 * MiB), u16(5));
      await answerHonestly(client);
    });
    await using target = await open(server.address);
    expect(target.size).toBe(2 * MiB);
    await target.write(0, seededBytes(1, 4096));
    await target.zero({ offset: 0, length: MiB }, { mayPunch: true });
    await target.flush();
  });

  it('is taken even where it is not of the fixed style and pads its answer', async () => {
    await using server = await scriptedNbd(async (client) => {
      client.send(GREETING[0] as Buffer, u16(0));
      await client.take(4);
      await takeOption(client);
      client.send(u64(MiB), u16(5), Buffer.alloc(124));
      await answerHonestly(client);
    });
    await using target = await open(server.address);
    await target.write(0, seededBytes(1, 4096));
  });
});

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

async function endless(client: NbdClient, reply: Buffer): Promise<void> {
  await greet(client);
  for (let count = 0; count < 1000; count++) client.send(reply);
}

async function afterGo(client: NbdClient, replies: readonly Buffer[]): Promise<void> {
  await greet(client);
  for (;;) {
    const { option } = await takeOption(client);
    if (option === 7) break;
    client.send(optionReply(option, 0x80000001));
  }
  client.send(...replies);
}

async function answerHonestly(client: NbdClient): Promise<never> {
  for (;;) client.send(simpleReply((await takeRequest(client)).cookie));
}

/** The body of a data chunk at `start` of what was asked for. */
function data(request: NbdRequest, start: number, length: number): Buffer {
  return Buffer.concat([u64(request.offset + start), Buffer.alloc(length, 7)]);
}
