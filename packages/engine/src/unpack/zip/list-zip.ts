import { endOf, type Bytes, type Range } from '../../base/bytes.ts';
import { damaged } from '../intake.ts';
import type { Mark, RangedMember, UnpackOptions } from '../package.ts';
import { slice } from '../slice.ts';
import { readDirectory, type ZipEntry } from './directory.ts';
import { findDirectory } from './end-record.ts';
import { locateData } from './local-header.ts';
import { MarkedMember } from './marked-member.ts';
import { knownMethodOf, STORED } from './method.ts';

const ENCRYPTED = 1;

export async function listZip(file: Bytes, signal?: AbortSignal): Promise<readonly RangedMember[]> {
  const directory = await findDirectory(file, signal);
  const entries = await readDirectory(file, directory, signal);
  const members: RangedMember[] = [];
  const taken: Range[] = [];
  for (const entry of entries) {
    const data = await locateData(file, entry, directory.offset, signal);
    taken.push({ offset: entry.headerAt, length: endOf(data) - entry.headerAt });
    if (entry.regular) members.push(zipMember(file, entry, data));
  }
  refuseOverlaps(taken);
  return members;
}

function zipMember(file: Bytes, entry: ZipEntry, data: Range): RangedMember {
  const packed = slice(file, data);
  const plain = entry.method === STORED && (entry.flags & ENCRYPTED) === 0;
  if (plain && entry.packedSize !== entry.size) {
    throw damaged(`a stored zip member takes ${entry.packedSize} bytes for ${entry.size}`, entry.headerAt);
  }
  const method = knownMethodOf(entry);
  const streamFrom = (from: Mark | undefined, options?: UnpackOptions) =>
    new MarkedMember(packed, entry, from, options);
  return {
    name: entry.name,
    size: entry.size,
    ...(plain ? { bytes: packed } : {}),
    stream: async (signal) => streamFrom(undefined, { signal }),
    ...(method?.decodeFrom ? { streamFrom, boundaries: method.boundaries } : {}),
  };
}

/** Members that share bytes are how a small zip claims petabytes. */
function refuseOverlaps(taken: readonly Range[]): void {
  const ordered = taken.toSorted((a, b) => a.offset - b.offset);
  for (const [index, range] of ordered.entries()) {
    const next = ordered[index + 1];
    if (next && endOf(range) > next.offset) throw damaged('members of the zip archive overlap', next.offset);
  }
}
