import { isAligned, KiB, MiB } from '../../base/align.ts';
import { readBytes, type Bytes, type Range } from '../../base/bytes.ts';
import { ascii, exact, u16le, u32le, u64le } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import { crc32cWithout } from '../../base/crc32c.ts';
import { guidAt, NO_GUID } from './guid.ts';

/** The file identifier and the two headers (MS-VHDX 2.2.1, 2.2.2). All words are little-endian. */
export const IDENTIFIER = 'vhdxfile';
/** Nothing but the headers and the region tables lies in the first MiB (MS-VHDX 2.1). */
export const HEADER_SECTION: Range = { offset: 0, length: 1 * MiB };

const HEADER_OFFSETS = [64 * KiB, 128 * KiB] as const;
const HEADER_SIZE = 4 * KiB;
const FIELD = { checksum: 4, sequence: 8, logGuid: 48, logVersion: 64, version: 66, logLength: 68, logOffset: 72 };

export interface Header {
  /** Where this header lies. */
  readonly at: number;
  /** Set where the log has to be replayed. */
  readonly logGuid: string | undefined;
  /** The log; empty where there is none. */
  readonly log: Range;
}

export function hasIdentifier(head: Uint8Array): boolean {
  return ascii(head, 0, IDENTIFIER.length) === IDENTIFIER;
}

/** The current header: the good one with the larger sequence number. @throws DiskferryError `image-*` */
export async function readHeader(file: Bytes, signal?: AbortSignal): Promise<Header> {
  const identifier = await readBytes(file, { offset: 0, length: Math.min(IDENTIFIER.length, file.size) }, signal);
  if (!hasIdentifier(identifier)) {
    throw new DiskferryError('image-not-recognised', `no "${IDENTIFIER}" at 0`, { offset: 0 });
  }
  if (file.size < HEADER_SECTION.length) {
    throw new DiskferryError('image-truncated', `the VHDX ends within its headers, at ${file.size}`, {
      offset: file.size,
    });
  }
  const section = await readBytes(file, { offset: 0, length: HEADER_OFFSETS[1] + HEADER_SIZE }, signal);
  const good = HEADER_OFFSETS.filter((at) => isGood(section.subarray(at, at + HEADER_SIZE)));
  const [first, second] = good.toSorted((a, b) => (sequenceAt(section, a) > sequenceAt(section, b) ? -1 : 1));
  if (first === undefined) {
    const message = `neither VHDX header (at ${HEADER_OFFSETS.join(' and ')}) has a good checksum`;
    throw new DiskferryError('image-checksum', message, { offset: HEADER_OFFSETS[0] });
  }
  if (second !== undefined) refuseTwins(section, first, second);
  return parse(section.subarray(first, first + HEADER_SIZE), first);
}

function isGood(header: Uint8Array): boolean {
  return ascii(header, 0, 4) === 'head' && u32le(header, FIELD.checksum) === crc32cWithout(header, FIELD.checksum);
}

function sequenceAt(section: Uint8Array, header: number): bigint {
  return u64le(section, header + FIELD.sequence);
}

/** Two different headers with one number: nothing tells which is current. Equal ones may be taken for one. */
function refuseTwins(section: Uint8Array, a: number, b: number): void {
  if (sequenceAt(section, a) !== sequenceAt(section, b)) return;
  const [one, other] = [a, b].map((at) => section.subarray(at, at + HEADER_SIZE)) as [Uint8Array, Uint8Array];
  if (Buffer.compare(one, other) === 0) return;
  const message = `two different VHDX headers have the sequence number ${sequenceAt(section, a)}`;
  throw new DiskferryError('image-damaged', message, { offset: a + FIELD.sequence });
}

function parse(header: Uint8Array, at: number): Header {
  const version = u16le(header, FIELD.version);
  const logVersion = u16le(header, FIELD.logVersion);
  if (version !== 1 || logVersion !== 0) {
    const message = `VHDX version ${version} with log version ${logVersion}; 1 and 0 are supported`;
    throw new DiskferryError('image-unsupported', message, { offset: at + FIELD.version });
  }
  const guid = guidAt(header, FIELD.logGuid);
  const length = u32le(header, FIELD.logLength);
  const offset = exact(u64le(header, FIELD.logOffset), 'the offset of the VHDX log', at + FIELD.logOffset);
  if (length > 0 && (offset < HEADER_SECTION.length || !isAligned(offset, MiB) || !isAligned(length, MiB))) {
    const message = `the VHDX log lies at ${offset} with ${length} bytes; whole MiB behind the first are allowed`;
    throw new DiskferryError('image-damaged', message, { offset: at + FIELD.logOffset });
  }
  return { at, logGuid: guid === NO_GUID ? undefined : guid, log: { offset, length } };
}
