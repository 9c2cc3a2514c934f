import { u16be, u32be, u64be } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import { type Export, blockSizeInfo, exactSize, exportInfo } from './export.ts';
import { protocolFault } from './nbd-errors.ts';
import { haggle, tellOption } from './options.ts';
import { HANDSHAKE, INFO, MAGIC, OPTION, REPLY, isRefusal } from './protocol.ts';
import type { Wire } from './wire.ts';

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

/** The way of servers before NBD_OPT_GO: an export that is not there ends the connection without a word. */
async function byExportName(wire: Wire, exportName: string, noZeroes: boolean): Promise<Export> {
  tellOption(wire, OPTION.exportName, [Buffer.from(exportName)]);
  const answer = await wire.take(10);
  if (!noZeroes) await wire.skip(124);
  return { size: exactSize(wire, u64be(answer, 0)), flags: u16be(answer, 8), structuredReplies: false };
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
