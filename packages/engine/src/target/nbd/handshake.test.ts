import { describe, expect, it } from 'vitest';
import {
  GREETING,
  type NbdClient,
  blockSizeInfo,
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
import { MiB } from '../../base/align.ts';
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

describe('an NBD server that cannot flush', () => {
  it('gets every write and zeroing with FUA, and no flush', async () => {
    const seen: [number, number][] = [];
    await using server = await scriptedNbd(async (client) => {
      await honestHandshake(client, { flags: 0b1001001 });
      for (;;) {
        const { command, flags, cookie } = await takeRequest(client);
        seen.push([command, flags]);
        client.send(simpleReply(cookie));
      }
    });
    await using target = await open(server.address);
    await target.write(0, seededBytes(1, 4096));
    await target.zero({ offset: 0, length: MiB }, { mayPunch: true });
    await target.zero({ offset: 0, length: MiB }, { mayPunch: false });
    await target.flush();
    expect(seen).toEqual([
      [1, 1],
      [6, 1],
      [6, 3],
    ]);
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
