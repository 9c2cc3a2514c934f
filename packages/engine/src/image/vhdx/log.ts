import { MiB } from '../../base/align.ts';
import { endOf, readBytes, type Bytes } from '../../base/bytes.ts';
import { exact } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import type { Header } from './header.ts';
import { claimedLength, LOG_SECTOR, parseEntry, type LogEntry } from './log-entry.ts';
import { Overlay } from './overlay.ts';

/**
 * Replays the log in memory (MS-VHDX 2.3.3): finds the newest sequence of entries that is whole, and lays its changes
 * over the file. The file itself is never written.
 */
/** Hyper-V and qemu make logs of 1 MiB; the changes are held in memory. */
const LOG_LIMIT = 64 * MiB;
/** In lengths of the log: entries that lie over each other could have it hashed once for each of its sectors. */
const HASH_LIMIT = 2;

interface Placed {
  readonly at: number;
  readonly entry: LogEntry;
}

/**
 * @param guid the log that the header names as live
 * @throws DiskferryError `image-dirty-log` where nothing can be replayed, `image-truncated` where the file has lost its end
 */
export async function replayLog(
  file: Bytes,
  header: Header,
  guid: string,
  signal?: AbortSignal,
): Promise<{ overlay: Overlay; entries: number }> {
  const { log, at } = header;
  if (log.length === 0 || log.length > LOG_LIMIT) {
    throw dirty(`its log has ${log.length} bytes; up to ${LOG_LIMIT} are replayed`, at);
  }
  if (endOf(log) > file.size) {
    const message = `the VHDX log reaches ${endOf(log)}, the file ends at ${file.size}`;
    throw new DiskferryError('image-truncated', message, { offset: log.offset });
  }
  const active = new LogScan(await readBytes(file, log, signal), guid, log.offset).activeSequence();
  const newest = active.at(-1)?.entry;
  if (!newest) throw dirty('its log holds no whole sequence of entries', log.offset);
  if (newest.flushedFileSize > BigInt(file.size)) {
    const message = `the VHDX had ${newest.flushedFileSize} bytes when its log was written, the file has ${file.size}`;
    throw new DiskferryError('image-truncated', message, { offset: file.size });
  }
  const overlay = new Overlay(file, exact(newest.lastFileSize, 'the file size in the VHDX log', log.offset));
  for (const { entry } of active) {
    const changes = entry.changes();
    if (!changes) throw new DiskferryError('internal', 'an entry of the log is no longer what it was');
    if (!changes.every((change) => overlay.apply(change))) throw dirty('its log changes too many ranges', log.offset);
  }
  return { overlay, entries: active.length };
}

function dirty(why: string, offset: number): DiskferryError {
  return new DiskferryError('image-dirty-log', `the VHDX was not closed cleanly and ${why}`, { offset });
}

/** The log as a ring of sectors. Every place is looked at once. */
class LogScan {
  readonly #log: Uint8Array;
  readonly #guid: string;
  readonly #offset: number;
  readonly #seen = new Map<number, LogEntry | undefined>();
  #hashed = 0;

  /** @param offset of the log in the file, for errors */
  constructor(log: Uint8Array, guid: string, offset: number) {
    this.#log = log;
    this.#guid = guid;
    this.#offset = offset;
  }

  /** The newest whole sequence from its tail to its head, empty where there is none. */
  activeSequence(): readonly Placed[] {
    let active: readonly Placed[] = [];
    for (let tail = 0; tail < this.#log.length;) {
      const sequence = this.#sequenceFrom(tail);
      const whole = fromTail(sequence);
      if (whole.length > 0 && headOf(whole) > headOf(active)) active = whole;
      const length = sequence.reduce((sum, { entry }) => sum + entry.length, 0);
      tail += whole.length > 0 ? length : LOG_SECTOR;
    }
    return active;
  }

  #sequenceFrom(tail: number): Placed[] {
    const sequence: Placed[] = [];
    for (let length = 0; length < this.#log.length;) {
      const at = (tail + length) % this.#log.length;
      const entry = this.#entryAt(at);
      const before = sequence.at(-1)?.entry;
      if (!entry || (before && entry.sequence !== before.sequence + 1n)) break;
      length += entry.length;
      if (length > this.#log.length) break;
      sequence.push({ at, entry });
    }
    return sequence;
  }

  #entryAt(at: number): LogEntry | undefined {
    if (!this.#seen.has(at)) this.#seen.set(at, this.#parse(at));
    return this.#seen.get(at);
  }

  #parse(at: number): LogEntry | undefined {
    const length = claimedLength(this.#log.subarray(at, at + LOG_SECTOR), {
      guid: this.#guid,
      length: this.#log.length,
    });
    if (length === undefined) return undefined;
    this.#hashed += length;
    if (this.#hashed > HASH_LIMIT * this.#log.length)
      throw dirty('the entries of its log lie over each other', this.#offset + at);
    return parseEntry(this.#ring(at, length));
  }

  #ring(at: number, length: number): Uint8Array {
    const toEnd = this.#log.subarray(at, at + length);
    if (toEnd.length === length) return toEnd;
    return Buffer.concat([toEnd, this.#log.subarray(0, length - toEnd.length)]);
  }
}

/** The part of a sequence that its newest entry says is live; empty where that does not begin in the sequence. */
function fromTail(sequence: readonly Placed[]): readonly Placed[] {
  const tail = sequence.at(-1)?.entry.tail;
  const index = sequence.findIndex(({ at }) => at === tail);
  return index < 0 ? [] : sequence.slice(index);
}

function headOf(sequence: readonly Placed[]): bigint {
  return sequence.at(-1)?.entry.sequence ?? 0n;
}
