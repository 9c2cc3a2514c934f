import { isPowerOfTwo } from '../../base/align.ts';
import { u16be, u32be, u64be } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import { protocolFault } from './nbd-errors.ts';
import { haggle, tellOption } from './options.ts';
import { HANDSHAKE, INFO, MAGIC, OPTION, REPLY, EXPORT_FLAG, isRefusal } from './protocol.ts';
import type { Wire } from './wire.ts';

/** What a server says about an export before the first request. All of it was checked. */
export interface Export {
  readonly size: number;
  readonly flags: number;
  /** Undefined: the server does not say. */
  readonly blockSize?: { readonly minimum: number; readonly preferred: number; readonly maximum: number } | undefined;
  readonly structuredReplies: boolean;
  /** Id of the context base:allocation, where it was granted. */
  readonly allocationContext?: number | undefined;
}

/**
 * The newstyle handshake up to the transmission phase.
 * @throws DiskferryError `target-not-found`, `target-unsupported`, `target-not-writable`, `target-unreachable`
 */
export async function shakeHands(wire: Wire, exportName: string): Promise<Export> {
  const serverFlags = await greet(wire);
  const noZeroes = (serverFlags & HANDSHAKE.noZeroes) !== 0;
  if ((serverFlags & HANDSHAKE.fixedNewstyle) === 0) return await byExportName(wire, exportName, noZeroes);
  const structuredReplies = await grantStructuredReplies(wire);
  const allocationContext = structuredReplies ? await grantAllocationContext(wire, exportName) : undefined;
  const found = await byGo(wire, exportName);
  if (found === undefined) {
    return { ...(await byExportName(wire, exportName, noZeroes)), structuredReplies, allocationContext };
  }
  return { ...found, structuredReplies, allocationContext };
}

async function greet(wire: Wire): Promise<number> {
  const greeting = await wire.take(18);
  if (u64be(greeting, 0) !== MAGIC.server) throw notNbd(wire, 'its greeting is not that of an NBD server');
  if (u64be(greeting, 8) === MAGIC.oldstyle) throw notNbd(wire, 'it speaks the oldstyle protocol; newstyle is needed');
  if (u64be(greeting, 8) !== MAGIC.options) throw notNbd(wire, 'its greeting is not that of an NBD server');
  const serverFlags = u16be(greeting, 16);
  const answer = Buffer.alloc(4);
  answer.writeUInt32BE(serverFlags & (HANDSHAKE.fixedNewstyle | HANDSHAKE.noZeroes));
  wire.send(answer);
  return serverFlags;
}

function notNbd(wire: Wire, why: string): DiskferryError {
  return new DiskferryError('target-unsupported', `${wire.label}: ${why}`);
}

async function grantStructuredReplies(wire: Wire): Promise<boolean> {
  return (await haggle(wire, OPTION.structuredReply, [])).type === REPLY.ack;
}

async function grantAllocationContext(wire: Wire, exportName: string): Promise<number | undefined> {
  const query = 'base:allocation';
  let id: number | undefined;
  const parts = [sized(exportName), u32(1), sized(query)];
  await haggle(wire, OPTION.setMetaContext, parts, (type, data) => {
    const isOurs = type === REPLY.metaContext && data.length > 4 && data.toString('utf8', 4) === query;
    if (isOurs) id = u32be(data, 0);
  });
  return id;
}

async function byGo(wire: Wire, exportName: string): Promise<Omit<Export, 'structuredReplies'> | undefined> {
  let found: Pick<Export, 'size' | 'flags'> | undefined;
  let blockSize: Export['blockSize'];
  const end = await haggle(wire, OPTION.go, [sized(exportName), u16(1), u16(INFO.blockSize)], (type, data) => {
    if (type !== REPLY.info || data.length < 2) throw protocolFault(wire.label, `reply type ${type} to NBD_OPT_GO`);
    if (u16be(data, 0) === INFO.export) found = exportInfo(wire, data);
    if (u16be(data, 0) === INFO.blockSize) blockSize = blockSizeInfo(wire, data);
  });
  if (end.type === REPLY.unsupported) return undefined;
  if (isRefusal(end.type)) throw exportRefused(wire, exportName, end);
  if (found === undefined) throw protocolFault(wire.label, 'it acknowledges NBD_OPT_GO without NBD_INFO_EXPORT');
  return { ...found, blockSize };
}

function exportRefused(wire: Wire, exportName: string, end: { type: number; text: string }): DiskferryError {
  const said = end.text === '' ? '' : `: ${JSON.stringify(end.text)}`;
  if (end.type === REPLY.unknownExport) {
    return new DiskferryError('target-not-found', `${wire.label} has no export ${JSON.stringify(exportName)}${said}`);
  }
  if (end.type === REPLY.policy) {
    return new DiskferryError('target-not-writable', `${wire.label} does not allow the export by its policy${said}`);
  }
  return new DiskferryError('target-unsupported', `${wire.label} refuses the export (reply ${end.type})${said}`);
}

function exportInfo(wire: Wire, data: Buffer): Pick<Export, 'size' | 'flags'> {
  if (data.length !== 12) throw protocolFault(wire.label, `NBD_INFO_EXPORT of ${data.length} bytes; it has 12`);
  return { size: exactSize(wire, u64be(data, 2)), flags: u16be(data, 10) };
}

/** The constraints of the protocol: powers of two in order, and a maximum that is a multiple of the minimum. */
function blockSizeInfo(wire: Wire, data: Buffer): Export['blockSize'] {
  if (data.length !== 14) throw protocolFault(wire.label, `NBD_INFO_BLOCK_SIZE of ${data.length} bytes; it has 14`);
  const [minimum, preferred, maximum] = [u32be(data, 2), u32be(data, 6), u32be(data, 10)];
  const isUnbounded = maximum === 2 ** 32 - 1;
  const isSound =
    isPowerOfTwo(minimum) &&
    minimum <= 65536 &&
    isPowerOfTwo(preferred) &&
    preferred >= minimum &&
    (isUnbounded || (maximum >= minimum && maximum % minimum === 0));
  if (isSound) return { minimum, preferred, maximum };
  throw protocolFault(wire.label, `block sizes ${minimum}, ${preferred}, ${maximum} (minimum, preferred, maximum)`);
}

/** The way of servers before NBD_OPT_GO: an export that is not there ends the connection without a word. */
async function byExportName(wire: Wire, exportName: string, noZeroes: boolean): Promise<Export> {
  tellOption(wire, OPTION.exportName, [Buffer.from(exportName)]);
  const answer = await wire.take(10);
  if (!noZeroes) await wire.skip(124);
  return { size: exactSize(wire, u64be(answer, 0)), flags: u16be(answer, 8), structuredReplies: false };
}

function exactSize(wire: Wire, size: bigint): number {
  if (size <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(size);
  throw new DiskferryError('target-unsupported', `${wire.label} has ${size} bytes; up to 8 PiB can be written`);
}

/** Whether the flag is set; without the first one the others mean nothing. */
export function exportHas(found: Export, flag: keyof typeof EXPORT_FLAG): boolean {
  return (found.flags & EXPORT_FLAG.hasFlags) !== 0 && (found.flags & EXPORT_FLAG[flag]) !== 0;
}

function u16(value: number): Uint8Array {
  const word = Buffer.alloc(2);
  word.writeUInt16BE(value);
  return word;
}

function u32(value: number): Uint8Array {
  const word = Buffer.alloc(4);
  word.writeUInt32BE(value);
  return word;
}

function sized(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  return Buffer.concat([u32(bytes.length), bytes]);
}
