import { KiB } from '../../base/align.ts';
import { damaged, truncated, type Intake } from '../intake.ts';

/** What may be taken in beyond the need, so that the window is not moved for every few bytes. */
const SPARE = 256 * KiB;

/**
 * A window over the packed bytes with a place counted in bits, most significant bit first. bzip2 blocks have no length
 * and end within a byte, so the window is filled with as much as the longest block can take before one is decoded;
 * decoding itself then runs without waiting. What is read behind the window has no meaning and is found out by
 * `checkWithin`, which every loop calls.
 */
export class PackedBits {
  readonly #intake: Intake;
  /** For the decoder of symbols, which keeps its place in variables of its own. */
  bytes = new Uint8Array(64 * KiB);
  /** In bits from the start of `bytes`. */
  place = 0;
  #filled = 0;
  #before = 0;
  #complete = false;

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  /** Where the next bit is, in bytes of the package. */
  get at(): number {
    return this.#before + (this.place >>> 3);
  }

  get atEnd(): boolean {
    return this.#complete && this.place >>> 3 >= this.#filled;
  }

  /** Makes sure that `ahead` bytes from here are in the window, or everything up to the end of the stream. */
  async fill(ahead: number): Promise<void> {
    if (this.#filled - (this.place >>> 3) >= ahead || this.#complete) return;
    this.#toFront();
    while (this.#filled < ahead) {
      const chunk = await this.#intake.next();
      if (chunk === undefined) break;
      const part = chunk.subarray(0, ahead + SPARE - this.#filled);
      this.#makeRoom(part.length);
      this.bytes.set(part, this.#filled);
      this.#filled += part.length;
      this.#intake.unread(chunk.length - part.length);
    }
    this.#complete = await this.#intake.atEnd();
  }

  /** Up to 24 bits as a number. */
  bits(count: number): number {
    let value = 0;
    for (let left = count; left > 0;) {
      const taken = Math.min(left, 8 - (this.place & 7));
      const byte = this.bytes[this.place >>> 3] ?? 0;
      value = (value << taken) | ((byte >>> (8 - (this.place & 7) - taken)) & ((1 << taken) - 1));
      this.place += taken;
      left -= taken;
    }
    return value;
  }

  bit(): number {
    const bit = ((this.bytes[this.place >>> 3] ?? 0) >>> (7 - (this.place & 7))) & 1;
    this.place += 1;
    return bit;
  }

  alignToByte(): void {
    this.place = (this.place + 7) & ~7;
  }

  /** @throws DiskferryError `package-truncated` or `package-damaged` when bits behind the window were read */
  checkWithin(what: string): void {
    if (this.place <= this.#filled * 8) return;
    const end = this.#before + this.#filled;
    throw this.#complete ? truncated(what, end) : damaged(`${what} is longer than a bzip2 block can be`, end);
  }

  /** What is wrong at this place: that the stream has ended, where it has, for then the rest was read as zeros. */
  fault(message: string): Error {
    this.checkWithin('a bzip2 block');
    return damaged(message, this.at);
  }

  #toFront(): void {
    const start = this.place >>> 3;
    this.bytes.copyWithin(0, start, this.#filled);
    this.#filled -= start;
    this.#before += start;
    this.place &= 7;
  }

  #makeRoom(length: number): void {
    if (this.#filled + length <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.#filled + length));
    larger.set(this.bytes.subarray(0, this.#filled));
    this.bytes = larger;
  }
}
