import { u16be, u32be, u64be } from '../../base/endian.ts';
import { protocolFault } from './nbd-errors.ts';
import type { Pending } from './pending.ts';
import { CHUNK, CHUNK_DONE, COMMAND, MAGIC } from './protocol.ts';
import type { Wire } from './wire.ts';

/** Chunks a reply may have: a read of 4 MiB in pieces of 512 bytes has 8192. */
const CHUNK_LIMIT = 16384;
/** An error chunk carries a text of up to 4096 bytes and a few words. */
const ERROR_BYTES = 8192;
const STATUS_EXTENTS = 1024;

interface Receiving {
  readonly wire: Wire;
  readonly pending: Map<bigint, Pending>;
  readonly structuredReplies: boolean;
  readonly allocationContext: number | undefined;
}

interface Chunk {
  readonly flags: number;
  readonly type: number;
  readonly cookie: bigint;
  readonly length: number;
}

/**
 * Takes replies and settles the requests they belong to, until the connection ends or the server breaks the protocol.
 * Nothing the server says is believed: magic, cookie, type and every length are checked before a byte is stored.
 * @throws DiskferryError `target-unreachable`, always: this never returns
 */
export async function receiveReplies(from: Receiving): Promise<never> {
  for (;;) {
    const magic = u32be(await from.wire.take(4), 0);
    if (magic === MAGIC.simpleReply) await simpleReply(from);
    else if (magic === MAGIC.structuredReply && from.structuredReplies) await structuredChunk(from);
    else throw protocolFault(from.wire.label, `a reply with the magic 0x${magic.toString(16)}`);
  }
}

async function simpleReply(from: Receiving): Promise<void> {
  const head = await from.wire.take(12);
  const errno = u32be(head, 0);
  const cookie = u64be(head, 4);
  const pending = pendingFor(from, cookie);
  const { command, length } = pending.ask;
  const needsChunks = command === COMMAND.blockStatus || (command === COMMAND.read && from.structuredReplies);
  if (needsChunks && errno === 0) throw protocolFault(from.wire.label, 'a simple reply where a structured one is due');
  if (pending.chunks > 0) throw protocolFault(from.wire.label, 'a simple reply in the middle of a structured one');
  if (command === COMMAND.read && errno === 0) await content(from.wire, pending, 0, length);
  from.pending.delete(cookie);
  pending.settle({ errno });
}

async function structuredChunk(from: Receiving): Promise<void> {
  const head = await from.wire.take(16);
  const chunk = { flags: u16be(head, 0), type: u16be(head, 2), cookie: u64be(head, 4), length: u32be(head, 12) };
  const pending = pendingFor(from, chunk.cookie);
  if (++pending.chunks > CHUNK_LIMIT) throw protocolFault(from.wire.label, `more than ${CHUNK_LIMIT} chunks`);
  await takeChunk(from, pending, chunk);
  if ((chunk.flags & CHUNK_DONE) === 0) return;
  assertComplete(from, pending);
  from.pending.delete(chunk.cookie);
  pending.settle({ errno: pending.errno });
}

async function takeChunk(from: Receiving, pending: Pending, chunk: Chunk): Promise<void> {
  const { command } = pending.ask;
  if (chunk.type >= CHUNK.error) return await errorChunk(from, pending, chunk);
  if (chunk.type === CHUNK.none && chunk.length === 0 && (chunk.flags & CHUNK_DONE) !== 0) return;
  if (chunk.type === CHUNK.offsetData && command === COMMAND.read) return await dataChunk(from, pending, chunk);
  if (chunk.type === CHUNK.offsetHole && command === COMMAND.read) return await holeChunk(from, pending, chunk);
  if (chunk.type === CHUNK.blockStatus && command === COMMAND.blockStatus) {
    return await statusChunk(from, pending, chunk);
  }
  throw protocolFault(
    from.wire.label,
    `a chunk of type ${chunk.type} and ${chunk.length} bytes in a reply to command ${command}`,
  );
}

async function dataChunk(from: Receiving, pending: Pending, chunk: Chunk): Promise<void> {
  if (chunk.length <= 8) throw protocolFault(from.wire.label, `a data chunk of ${chunk.length} bytes; 9 are the least`);
  const start = relativeStart(pending, u64be(await from.wire.take(8), 0));
  await content(from.wire, pending, start, chunk.length - 8);
}

async function holeChunk(from: Receiving, pending: Pending, chunk: Chunk): Promise<void> {
  if (chunk.length !== 12) throw protocolFault(from.wire.label, `a hole chunk of ${chunk.length} bytes; it has 12`);
  const body = await from.wire.take(12);
  const [start, length] = [relativeStart(pending, u64be(body, 0)), u32be(body, 8)];
  cover(from.wire, pending, start, length);
  pending.into?.fill(0, start, start + length);
}

async function content(wire: Wire, pending: Pending, start: number, length: number): Promise<void> {
  cover(wire, pending, start, length);
  // Looks at `into` for every piece: the one who waits may leave in the middle, and the buffer is then no longer ours.
  await wire.pass(length, (bytes, at) => pending.into?.set(bytes, start + at));
}

function cover(wire: Wire, pending: Pending, start: number, length: number): void {
  if (length === 0 && pending.ask.length === 0) return;
  if (!pending.coverage.add(start, length)) {
    throw protocolFault(
      wire.label,
      `content of ${length} bytes at ${start} of a read of ${pending.ask.length}: outside it, or a second time`,
    );
  }
}

/** Saturates: a place out of reach is refused by the coverage. */
function relativeStart(pending: Pending, offset: bigint): number {
  return Number(offset - BigInt(pending.ask.offset));
}

async function statusChunk(from: Receiving, pending: Pending, chunk: Chunk): Promise<void> {
  const extents = (chunk.length - 4) / 8;
  if (!Number.isInteger(extents) || extents < 1 || extents > STATUS_EXTENTS || pending.status !== undefined) {
    throw protocolFault(from.wire.label, `a block status of ${chunk.length} bytes, or a second one`);
  }
  const body = await from.wire.take(chunk.length);
  if (u32be(body, 0) !== from.allocationContext) {
    throw protocolFault(from.wire.label, `a block status of context ${u32be(body, 0)}, which was not asked for`);
  }
  if (u32be(body, 4) === 0) throw protocolFault(from.wire.label, 'a block status whose first extent is empty');
  pending.status = { length: u32be(body, 4), flags: u32be(body, 8) };
}

async function errorChunk(from: Receiving, pending: Pending, chunk: Chunk): Promise<void> {
  if (chunk.length < 6 || chunk.length > ERROR_BYTES) {
    throw protocolFault(from.wire.label, `an error chunk of ${chunk.length} bytes; 6 to ${ERROR_BYTES} are allowed`);
  }
  const errno = u32be(await from.wire.take(chunk.length), 0);
  if (errno === 0) throw protocolFault(from.wire.label, 'an error chunk without an error');
  pending.errno ||= errno;
}

function assertComplete(from: Receiving, pending: Pending): void {
  if (pending.errno !== 0) return;
  const { command } = pending.ask;
  const isMissing =
    (command === COMMAND.read && !pending.coverage.isFull) ||
    (command === COMMAND.blockStatus && pending.status === undefined);
  if (isMissing) throw protocolFault(from.wire.label, `a reply to command ${command} that ends before it is complete`);
}

function pendingFor(from: Receiving, cookie: bigint): Pending {
  const pending = from.pending.get(cookie);
  if (pending === undefined) throw protocolFault(from.wire.label, `a reply to request ${cookie}, which was not sent`);
  return pending;
}
