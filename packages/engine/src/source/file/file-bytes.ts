import { endOf, type Bytes, type Range, type Run } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import { seekData, seekHole } from '../../base/system-calls.ts';
import { checkUnchanged, readError, type Opened } from './opened.ts';

/** A change of the file is looked for when it was not for so long, and with every read that touches its end. */
const RECHECK_MS = 250;

/** read(2) moves at most 2 GiB - 4 KiB at once. */
const READ_LIMIT = 1024 * 1024 * 1024;

/** A file or block device read in place. Closes the handle. */
export class FileBytes implements Bytes {
  readonly size: number;
  readonly #path: string;
  readonly #opened: Opened;
  #checkedAt = Date.now();

  constructor(path: string, opened: Opened) {
    this.#path = path;
    this.#opened = opened;
    this.size = opened.size;
  }

  async read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    if (!(offset >= 0 && offset + into.length <= this.size)) {
      const said = `read of ${into.length} bytes at ${offset} leaves the ${this.size} bytes of ${this.#path}`;
      throw new DiskferryError('internal', said, { offset });
    }
    for (let done = 0; done < into.length;) {
      signal?.throwIfAborted();
      const length = Math.min(into.length - done, READ_LIMIT);
      const count = await this.#readOnce(into.subarray(done, done + length), offset + done);
      if (count === 0) throw await this.#endedEarly(offset + done);
      done += count;
    }
    if (offset + into.length === this.size || Date.now() - this.#checkedAt >= RECHECK_MS) await this.#recheck();
  }

  async *runs(within: Range, signal?: AbortSignal): AsyncGenerator<Run> {
    const end = Math.min(endOf(within), this.size);
    for (let at = within.offset; at < end;) {
      signal?.throwIfAborted();
      const run = this.#runAt(at, end);
      yield run;
      at = endOf(run);
    }
  }

  /** Undefined answers and answers that make no headway count as data: reading is always right. */
  #runAt(offset: number, end: number): Run {
    const { fd } = this.#opened.handle;
    try {
      const data = seekData(fd, offset);
      if (data === 'end') return { kind: 'hole', offset, length: end - offset };
      if (data !== undefined && data > offset) return { kind: 'hole', offset, length: Math.min(data, end) - offset };
      const hole = data === undefined ? undefined : seekHole(fd, offset);
      const stop = typeof hole === 'number' && hole > offset ? Math.min(hole, end) : end;
      return { kind: 'data', offset, length: stop - offset };
    } catch (error) {
      throw readError(this.#path, error);
    }
  }

  async #readOnce(into: Uint8Array, position: number): Promise<number> {
    try {
      return (await this.#opened.handle.read(into, 0, into.length, position)).bytesRead;
    } catch (error) {
      throw readError(this.#path, error);
    }
  }

  async #recheck(): Promise<void> {
    this.#checkedAt = Date.now();
    await checkUnchanged(this.#opened, this.#path);
  }

  async #endedEarly(at: number): Promise<DiskferryError> {
    await this.#recheck();
    return new DiskferryError('source-read', `${this.#path} ends at ${at} of ${this.size} bytes`, { offset: at });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened.handle.close();
  }
}
