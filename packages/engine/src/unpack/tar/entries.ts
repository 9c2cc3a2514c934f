import { alignUp, MiB } from '../../base/align.ts';
import { DiskferryError } from '../../base/errors.ts';
import { damaged, truncated } from '../intake.ts';
import { decodeName } from '../name.ts';
import { MEMBER_LIMIT } from '../package.ts';
import type { Cursor } from './cursor.ts';
import { BLOCK, parseHeader, type TarHeader } from './header.ts';
import { readOldSparse } from './old-sparse.ts';
import { parsePax, type PaxRecords } from './pax.ts';
import { isPaxSparse, readPaxSparse } from './pax-sparse.ts';
import { storedIn, type SparseMap } from './sparse-map.ts';

/** A regular file as the walk meets it; the cursor then stands at its stored bytes. */
export interface Entry {
  readonly name: string;
  /** As a reader sees it: with its holes. */
  readonly size: number;
  readonly storedAt: number;
  readonly storedLength: number;
  readonly map: SparseMap | undefined;
}

/** Names and pax records of one member, or of one global header. */
const EXTENSION_LIMIT = 1 * MiB;
/** Headers of all kinds: directories and links cost a look each. */
const HEADER_LIMIT = 16 * MEMBER_LIMIT;

/**
 * Walks over the regular files of an archive. The consumer may read forward from `storedAt` before it asks for the next.
 * Links, devices and directories are passed over: nothing that they name is ever looked at.
 * @throws DiskferryError `package-damaged`, `package-truncated`, `package-unsupported`, `package-limit`
 */
export async function* walkEntries(cursor: Cursor): AsyncGenerator<Entry> {
  const walk: Walk = { cursor, headers: 0, globals: { sparse: {} } };
  for (let members = 0; ; members++) {
    const next = await nextFile(walk);
    if (next === undefined) return;
    if (members === MEMBER_LIMIT) throw tooMany('members', MEMBER_LIMIT, cursor.at);
    yield next.entry;
    await cursor.moveTo(next.end, `the tar member ${members + 1}`);
  }
}

interface Walk {
  readonly cursor: Cursor;
  headers: number;
  globals: PaxRecords;
}

/** What the headers in front of a member have said of it. */
interface Pending {
  longName?: string;
  pax?: PaxRecords;
  length: number;
}

interface Found {
  readonly entry: Entry;
  /** Where the next header stands. */
  readonly end: number;
}

async function nextFile(walk: Walk): Promise<Found | undefined> {
  let pending: Pending = { length: 0 };
  for (;;) {
    const at = walk.cursor.at;
    if (await walk.cursor.atEnd()) throw truncated('a tar archive without its end mark', at);
    if (++walk.headers > HEADER_LIMIT) throw tooMany('headers', HEADER_LIMIT, at);
    // A copy: the map of a sparse member is read while the header is still needed.
    const block = new Uint8Array(await walk.cursor.take(BLOCK, 'a tar header'));
    const header = parseHeader(block, at);
    if (header === undefined) return void (await checkEnd(walk.cursor, pending));
    if (isExtension(header.type)) await readExtension(walk, header, pending);
    else {
      const found = await fileOf(walk, { header, block, pending });
      if (found !== undefined) return found;
      pending = { length: 0 };
    }
  }
}

/** Two blocks of zeros end an archive; the second may be missing, as GNU tar has it, but nothing else may follow. */
async function checkEnd(cursor: Cursor, pending: Pending): Promise<void> {
  const at = cursor.at;
  if (pending.length > 0) throw damaged('a tar archive ends between the headers of a member', at);
  if (await cursor.atEnd()) return;
  const second = await cursor.take(BLOCK, 'the end mark of a tar archive');
  if (parseHeader(second, at) !== undefined) throw damaged('a tar header follows a single block of zeros', at);
}

const isExtension = (type: string): boolean => 'xXgLKN'.includes(type);

async function readExtension(walk: Walk, header: TarHeader, pending: Pending): Promise<void> {
  const at = walk.cursor.at;
  pending.length += header.size + 1;
  if (pending.length > EXTENSION_LIMIT) {
    throw new DiskferryError(
      'package-limit',
      `names and pax records of ${pending.length} bytes; ${EXTENSION_LIMIT} are allowed`,
      { offset: at },
    );
  }
  const data = await walk.cursor.take(header.size, 'an extended tar header');
  if (header.type === 'L') pending.longName = decodeName(data);
  if (header.type === 'g') walk.globals = parsePax(data, at, walk.globals);
  if (header.type === 'x' || header.type === 'X') pending.pax = parsePax(data, at, pending.pax ?? walk.globals);
  // 'K' is the long name of a link's target, 'N' a list of names of the 1980s: neither matters to regular files.
  await walk.cursor.moveTo(at + alignUp(header.size, BLOCK), 'an extended tar header');
}

/** The file that the header begins, or undefined when it was something else, which is then passed over. */
async function fileOf(
  walk: Walk,
  begun: { header: TarHeader; block: Uint8Array; pending: Pending },
): Promise<Found | undefined> {
  const { cursor } = walk;
  const { header, block, pending } = begun;
  const pax = pending.pax ?? walk.globals;
  const name = pax.sparse.name ?? pax.path ?? pending.longName ?? header.name;
  // A hard link tells the size of its target and stores nothing (GNU tar, read_header).
  const stored = header.type === '1' ? 0 : (pax.size ?? header.size);
  if (header.type === 'M')
    throw new DiskferryError('package-unsupported', 'a tar archive in several volumes', { offset: cursor.at });
  if (!'07S'.includes(header.type) || (header.type !== 'S' && name.endsWith('/'))) {
    await cursor.moveTo(endOfMember(cursor.at, stored), 'a tar member');
    return undefined;
  }
  const { map, end } = await locate(cursor, { header, block, pax, stored });
  const storedLength = map === undefined ? stored : storedIn(map);
  return { entry: { name, size: map?.size ?? stored, storedAt: cursor.at, storedLength, map }, end };
}

interface Located {
  readonly map: SparseMap | undefined;
  readonly end: number;
}

/** Reads the map of a sparse member. Old GNU keeps it apart from the stored bytes, pax 1.0 among them. */
async function locate(
  cursor: Cursor,
  begun: { header: TarHeader; block: Uint8Array; pax: PaxRecords; stored: number },
): Promise<Located> {
  const { header, block, pax, stored } = begun;
  if (header.type === 'S') {
    const map = await readOldSparse(cursor, block, stored);
    return { map, end: endOfMember(cursor.at, stored) };
  }
  const end = endOfMember(cursor.at, stored);
  const map = isPaxSparse(pax.sparse) ? await readPaxSparse(cursor, pax.sparse, stored) : undefined;
  return { map, end };
}

function endOfMember(at: number, stored: number): number {
  const end = alignUp(at + stored, BLOCK);
  if (Number.isSafeInteger(end)) return end;
  throw damaged(`a tar member of ${stored} bytes`, at);
}

function tooMany(what: string, limit: number, at: number): DiskferryError {
  return new DiskferryError('package-limit', `the tar archive has more than ${limit} ${what}`, { offset: at });
}
