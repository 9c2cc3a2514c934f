import { once } from 'node:events';
import { type AddressInfo, type Socket, createServer } from 'node:net';

/** One client at a scripted NBD server. Everything is big-endian. */
export interface NbdClient {
  send(...parts: readonly (Uint8Array | string)[]): void;
  /** The next `length` bytes of the client; rejects when it has gone. */
  take(length: number): Promise<Buffer>;
  /** Drops the connection. */
  drop(): void;
}

export interface ScriptedNbd extends AsyncDisposable {
  readonly address: string;
}

/** A server on the loopback that does to every client what the script says: for servers that break the protocol. */
export async function scriptedNbd(script: (client: NbdClient) => Promise<void>): Promise<ScriptedNbd> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    void script(clientOf(socket)).catch(() => {}); // the client may leave at any point
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `nbd://127.0.0.1:${port}/disk`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function clientOf(socket: Socket): NbdClient {
  const chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let held: Buffer = Buffer.alloc(0);
  return {
    send: (...parts) => void socket.write(Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array)))),
    take: async (length) => {
      while (held.length < length) {
        const step = await chunks.next();
        if (step.done === true) throw new Error('the client has gone');
        held = Buffer.concat([held, step.value]);
      }
      const bytes = held.subarray(0, length);
      held = held.subarray(length);
      return bytes;
    },
    drop: () => void socket.destroy(),
  };
}

export const u16 = (value: number): Buffer => number(value, 2);
export const u32 = (value: number): Buffer => number(value, 4);
export const u64 = (value: number | bigint): Buffer => {
  const word = Buffer.alloc(8);
  word.writeBigUInt64BE(BigInt(value));
  return word;
};

function number(value: number, size: number): Buffer {
  const word = Buffer.alloc(size);
  word.writeUIntBE(value, 0, size);
  return word;
}

/** What an honest server sends first. */
export const GREETING: readonly Buffer[] = [Buffer.from('NBDMAGICIHAVEOPT'), u16(3)];

export function optionReply(option: number, type: number, data: Uint8Array = Buffer.alloc(0)): Buffer {
  return Buffer.concat([u64(0x0003e889045565a9n), u32(option), u32(type), u32(data.length), data]);
}

export const exportInfo = (size: number | bigint, flags: number): Buffer =>
  optionReply(7, 3, Buffer.concat([u16(0), u64(size), u16(flags)]));

export const blockSizeInfo = (minimum: number, preferred: number, maximum: number): Buffer =>
  optionReply(7, 3, Buffer.concat([u16(3), u32(minimum), u32(preferred), u32(maximum)]));

/** Greets and takes the client's flags; then the option requests come one by one. */
export async function greet(client: NbdClient): Promise<void> {
  client.send(...GREETING);
  await client.take(4);
}

export async function takeOption(client: NbdClient): Promise<{ option: number; data: Buffer }> {
  const head = await client.take(16);
  return { option: head.readUInt32BE(8), data: await client.take(head.readUInt32BE(12)) };
}

export interface HonestSetup {
  readonly size?: number | bigint;
  readonly flags?: number;
  readonly structured?: boolean;
  readonly infos?: readonly Buffer[];
}

/** HAS_FLAGS, SEND_FLUSH, SEND_WRITE_ZEROES. */
export const USUAL_FLAGS = 0b1000101;

/** An honest handshake, so that the requests can be answered dishonestly. */
export async function honestHandshake(client: NbdClient, setup: HonestSetup = {}): Promise<void> {
  await greet(client);
  for (;;) {
    const { option } = await takeOption(client);
    if (option === 8) client.send(optionReply(8, setup.structured === true ? 1 : 0x80000001));
    else if (option === 10)
      client.send(optionReply(10, 4, Buffer.concat([u32(9), Buffer.from('base:allocation')])), optionReply(10, 1));
    else if (option === 7) {
      client.send(exportInfo(setup.size ?? 1024 * 1024, setup.flags ?? USUAL_FLAGS));
      client.send(...(setup.infos ?? []), optionReply(7, 1));
      return;
    }
  }
}

export interface NbdRequest {
  readonly flags: number;
  readonly command: number;
  readonly cookie: bigint;
  readonly offset: number;
  readonly length: number;
}

export async function takeRequest(client: NbdClient): Promise<NbdRequest> {
  const head = await client.take(28);
  const request = {
    flags: head.readUInt16BE(4),
    command: head.readUInt16BE(6),
    cookie: head.readBigUInt64BE(8),
    offset: Number(head.readBigUInt64BE(16)),
    length: head.readUInt32BE(24),
  };
  if (request.command === 1) await client.take(request.length);
  return request;
}

export function simpleReply(cookie: bigint, errno = 0): Buffer {
  return Buffer.concat([u32(0x67446698), u32(errno), u64(cookie)]);
}

/** `length` is what the head says; by default the truth. */
export function chunk(
  cookie: bigint,
  type: number,
  body: Uint8Array,
  how: { flags?: number; length?: number } = {},
): Buffer {
  const head = [u32(0x668e33ef), u16(how.flags ?? 0), u16(type), u64(cookie), u32(how.length ?? body.length)];
  return Buffer.concat([...head, body]);
}
