import { u32be, u64be } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import { protocolFault } from './nbd-errors.ts';
import { MAGIC, REPLY, isRefusal } from './protocol.ts';
import type { Wire } from './wire.ts';

/** Strings have up to 4096 bytes and no reply that is asked for has more than one and a few words. */
const REPLY_BYTES = 8192;
/** Far more than the informations and contexts there are; an endless row of replies ends here. */
const REPLY_COUNT = 64;

export interface OptionEnd {
  readonly type: number;
  /** What a refusing server says to people; shortened. */
  readonly text: string;
}

/** Sends an option and does not wait for the answer. */
export function tellOption(wire: Wire, option: number, parts: readonly Uint8Array[]): void {
  const data = Buffer.concat(parts);
  const head = Buffer.alloc(16);
  head.writeBigUInt64BE(MAGIC.options, 0);
  head.writeUInt32BE(option, 8);
  head.writeUInt32BE(data.length, 12);
  wire.send(head, data);
}

/**
 * Sends an option and takes the replies up to the acknowledgement or the refusal, which is the result.
 * @throws DiskferryError `target-unreachable` (protocol), `target-unsupported` (TLS is demanded)
 */
export async function haggle(
  wire: Wire,
  option: number,
  parts: readonly Uint8Array[],
  take: (type: number, data: Buffer) => void = () => {},
): Promise<OptionEnd> {
  tellOption(wire, option, parts);
  for (let count = 0; count < REPLY_COUNT; count++) {
    const { type, data } = await nextReply(wire, option);
    if (type === REPLY.tlsRequired) throw tlsRequired(wire);
    if (type === REPLY.ack) return { type, text: '' };
    if (isRefusal(type)) return { type, text: data.toString('utf8', 0, 200) };
    take(type, data);
  }
  throw protocolFault(wire.label, `more than ${REPLY_COUNT} replies to option ${option}`);
}

async function nextReply(wire: Wire, option: number): Promise<{ type: number; data: Buffer }> {
  const head = await wire.take(20);
  if (u64be(head, 0) !== MAGIC.optionReply) throw protocolFault(wire.label, 'an option reply without its magic');
  if (u32be(head, 8) !== option) {
    throw protocolFault(wire.label, `a reply to option ${u32be(head, 8)} where ${option} was sent`);
  }
  const length = u32be(head, 16);
  if (length > REPLY_BYTES) {
    throw protocolFault(wire.label, `an option reply of ${length} bytes; ${REPLY_BYTES} are taken`);
  }
  return { type: u32be(head, 12), data: await wire.take(length) };
}

function tlsRequired(wire: Wire): DiskferryError {
  return new DiskferryError('target-unsupported', `${wire.label} demands TLS, which the NBD target does not speak`, {
    hint: 'Let the server offer the export without TLS on a trusted network, or reach it through a tunnel.',
  });
}
