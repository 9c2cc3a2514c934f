import type { Bytes, ByteStream } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import { Intake, truncated } from '../intake.ts';
import type { PassingMember, RangedMember, UnpackOptions } from '../package.ts';
import { inSequence } from '../sequence.ts';
import { slice } from '../slice.ts';
import { FileCursor, StreamCursor } from './cursor.ts';
import { walkEntries, type Entry } from './entries.ts';
import { expanded, SparseBytes } from './sparse-bytes.ts';

export async function listTar(file: Bytes, signal?: AbortSignal): Promise<readonly RangedMember[]> {
  const members: RangedMember[] = [];
  for await (const entry of walkEntries(new FileCursor(file, signal))) members.push(rangedMember(file, entry));
  return members;
}

function rangedMember(file: Bytes, { name, size, storedAt, storedLength, map }: Entry): RangedMember {
  if (storedAt + storedLength > file.size) throw truncated(`the tar member at byte ${storedAt}`, file.size);
  if (map !== undefined) {
    const bytes = new SparseBytes(file, storedAt, map);
    return { name, size, bytes, stream: async (signal) => bytes.stream(signal) };
  }
  const bytes = slice(file, { offset: storedAt, length: size });
  return { name, size, bytes, stream: async (signal) => inSequence(bytes, signal) };
}

export async function* passTar(stream: ByteStream, options: UnpackOptions = {}): AsyncIterable<PassingMember> {
  await using intake = new Intake(stream, options.signal);
  for await (const entry of walkEntries(new StreamCursor(intake))) {
    const turn = { over: false };
    yield { name: entry.name, size: entry.size, content: passing(intake, entry, turn) };
    turn.over = true;
  }
  // What wraps the archive has its own end mark and checksum, which are met only by reading on.
  while ((await intake.next()) !== undefined);
}

/** Set when the next member was asked for: the archive has moved on, and what is left of this one is gone. */
interface Turn {
  over: boolean;
}

function passing(intake: Intake, entry: Entry, turn: Turn): ByteStream {
  const { map, size } = entry;
  return map === undefined ? stored(intake, size, turn) : expanded(map, (run) => stored(intake, run.length, turn));
}

async function* stored(intake: Intake, length: number, turn: Turn): ByteStream {
  for (let left = length; left > 0;) {
    if (turn.over)
      throw new DiskferryError('internal', 'a member of a tar stream is read after the next was asked for');
    const chunk = await intake.some(left, 'a tar member');
    left -= chunk.length;
    yield chunk;
  }
}
