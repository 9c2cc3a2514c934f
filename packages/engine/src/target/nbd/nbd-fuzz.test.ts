import { expect, it } from 'vitest';
import {
  type NbdClient,
  chunk,
  honestHandshake,
  scriptedNbd,
  simpleReply,
  takeRequest,
  u32,
  u64,
} from '../../../testing/scripted-nbd.ts';
import { seededBytes, seededRandom } from '../../../testing/seeded.ts';
import { asDiskferryError } from '../../base/errors.ts';
import { parseNbdAddress } from './nbd-address.ts';
import { openNbdTarget } from './open-nbd-target.ts';

const SEEDS = 80;

it('an NBD server whose words are damaged at random causes a named error or none, and never a wait without end', async () => {
  let failures = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    await using server = await scriptedNbd((client) => serve(damaging(client, seed)));
    const outcome = await exercise(server.address).then(
      () => 'fine',
      (error: unknown) => asDiskferryError(error).code,
    );
    expect([seed, outcome]).toEqual([seed, expect.stringMatching(/^(fine|target-[a-z-]+)$/)]);
    if (outcome !== 'fine') failures++;
  }
  expect(failures).toBeGreaterThan(SEEDS / 3);
});

async function exercise(address: string): Promise<void> {
  const patience = { handshakeMs: 60, silenceMs: 60, connections: 1 };
  await using target = await openNbdTarget(parseNbdAddress(address), patience);
  await target.write(0, seededBytes(1, Math.min(4096, target.size)));
  await target.readBack.read(0, new Uint8Array(Math.min(8192, target.size)));
  await target.zero({ offset: 0, length: Math.min(target.size, 65536) }, { mayPunch: true });
  await target.flush();
}

/** One to three bytes of what the server says are other ones; which, the seed decides. */
function damaging(client: NbdClient, seed: number): NbdClient {
  const random = seededRandom(seed);
  const places = new Set(Array.from({ length: 1 + Math.floor(random() * 3) }, () => Math.floor(random() * 330)));
  let at = 0;
  return {
    ...client,
    send: (...parts) => {
      const bytes = Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array)));
      for (const place of places) {
        const here = place - at;
        if (here >= 0 && here < bytes.length) bytes[here] = Math.floor(random() * 256);
      }
      at += bytes.length;
      client.send(bytes);
    },
  };
}

async function serve(client: NbdClient): Promise<never> {
  await honestHandshake(client, { structured: true });
  for (;;) {
    const { cookie, command, offset, length } = await takeRequest(client);
    if (command === 0)
      client.send(chunk(cookie, 1, Buffer.concat([u64(offset), Buffer.alloc(length, 1)]), { flags: 1 }));
    else if (command === 7) client.send(chunk(cookie, 5, Buffer.concat([u32(9), u32(length), u32(3)]), { flags: 1 }));
    else client.send(simpleReply(cookie));
  }
}
