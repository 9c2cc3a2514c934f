import { KiB } from '../../base/align.ts';
import type { Bytes } from '../../base/bytes.ts';
import { Intake, truncated } from '../intake.ts';

/** How the walk over an archive reads: the same over a file and over a stream. */
export interface Cursor {
  readonly at: number;
  /** Whether nothing follows. */
  atEnd(): Promise<boolean>;
  /** The next bytes; valid until the next call. @throws DiskferryError `package-truncated` */
  take(length: number, what: string): Promise<Uint8Array>;
  /** Goes forward. @throws DiskferryError `package-truncated` when that is behind the end */
  moveTo(offset: number, what: string): Promise<void>;
}

export class StreamCursor implements Cursor {
  readonly #intake: Intake;

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  get at(): number {
    return this.#intake.at;
  }

  atEnd(): Promise<boolean> {
    return this.#intake.atEnd();
  }

  take(length: number, what: string): Promise<Uint8Array> {
    return this.#intake.exactly(length, what);
  }

  moveTo(offset: number, what: string): Promise<void> {
    return this.#intake.skip(offset - this.at, what);
  }
}

/** What is read at once: headers that stand close together cost one round trip. */
const PAGE = 64 * KiB;

export class FileCursor implements Cursor {
  at = 0;
  readonly #file: Bytes;
  readonly #signal: AbortSignal | undefined;
  #page: Uint8Array = new Uint8Array(0);
  #pageAt = 0;

  constructor(file: Bytes, signal: AbortSignal | undefined) {
    this.#file = file;
    this.#signal = signal;
  }

  async atEnd(): Promise<boolean> {
    return this.at >= this.#file.size;
  }

  async take(length: number, what: string): Promise<Uint8Array> {
    if (length > this.#file.size - this.at) throw truncated(what, this.#file.size);
    const inPage = this.at - this.#pageAt;
    if (inPage < 0 || inPage + length > this.#page.length) await this.#turnTo(this.at, length);
    const start = this.at - this.#pageAt;
    this.at += length;
    return this.#page.subarray(start, start + length);
  }

  async moveTo(offset: number, what: string): Promise<void> {
    if (offset > this.#file.size) throw truncated(what, this.#file.size);
    this.at = offset;
  }

  async #turnTo(at: number, length: number): Promise<void> {
    const page = new Uint8Array(Math.min(Math.max(PAGE, length), this.#file.size - at));
    await this.#file.read(at, page, this.#signal);
    this.#page = page;
    this.#pageAt = at;
  }
}
