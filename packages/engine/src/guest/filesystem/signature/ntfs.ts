import { isPowerOfTwo, KiB } from '../../../base/align.ts';
import { u16le, u32le, u64le } from '../../../base/endian.ts';
import { wideField } from '../../text.ts';
import { content, countOf, hasText, peek, type Recogniser } from './content.ts';

/** The volume's own record is the fourth of the master file table. */
const VOLUME_RECORD = 3;
const VOLUME_NAME = 0x60;
const VOLUME_INFORMATION = 0x70;
const END = 0xffff_ffff;
const DIRTY = 0x1;

export const recogniseNtfs: Recogniser = async (part) => {
  const sector = await peek(part, 0, 512);
  if (!sector || !hasText(sector, 3, 'NTFS    ')) return undefined;
  const sectorSize = u16le(sector, 11);
  const clusterSize = sectorSize * sizeByte(sector[13] ?? 0);
  const recordSize = recordSizeOf(sector[64] ?? 0, clusterSize);
  const table = countOf(u64le(sector, 48)) ?? 0;
  const record = isPowerOfTwo(recordSize)
    ? await peek(part, table * clusterSize + VOLUME_RECORD * recordSize, recordSize)
    : undefined;
  const volume = record ? volumeFacts(record) : {};
  return content('ntfs', {
    label: volume.label,
    uuid: u64le(sector, 72).toString(16).padStart(16, '0').toUpperCase(),
    size: (countOf(u64le(sector, 40)) ?? 0) * sectorSize,
    states: volume.dirty ? ['dirty'] : [],
    detail: volume.version,
  });
};

/** Values above 128 are powers of two, as negative exponents. */
function sizeByte(value: number): number {
  return value > 128 ? 2 ** (256 - value) : value;
}

export function recordSizeOf(value: number, clusterSize: number): number {
  const size = value > 127 ? 2 ** (256 - value) : value * clusterSize;
  return size >= 256 && size <= 64 * KiB ? size : 0;
}

/** The first attributes of the record lie in its first sector: the fixups at the sectors' ends do not matter to them. */
function volumeFacts(record: Uint8Array): { label?: string; dirty?: boolean; version?: string } {
  const facts: { label?: string; dirty?: boolean; version?: string } = {};
  if (!hasText(record, 0, 'FILE')) return facts;
  for (let at = u16le(record, 20); at + 24 <= record.length && u32le(record, at) !== END;) {
    const length = u32le(record, at + 4);
    if (length < 24 || at + length > record.length) break;
    const value = at + u16le(record, at + 20);
    const isHere = record[at + 8] === 0 && value + 12 <= record.length;
    if (isHere && u32le(record, at) === VOLUME_NAME) facts.label = wideField(record, value, u32le(record, at + 16));
    if (isHere && u32le(record, at) === VOLUME_INFORMATION) {
      facts.version = `version ${record[value + 8]}.${record[value + 9]}`;
      facts.dirty = (u16le(record, value + 10) & DIRTY) !== 0;
    }
    at += length;
  }
  return facts;
}
