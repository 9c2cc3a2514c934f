import { KiB } from '../../../base/align.ts';
import { fieldsOf } from './answer-head.ts';
import type { Framing, Unframed } from './framing.ts';
import { ProtocolError } from './protocol-error.ts';

const CR = 0x0d;
const LF = 0x0a;
/** Of one line: a size with its extensions, or a trailer. */
const LINE_LIMIT = 4 * KiB;
const TRAILER_LIMIT = 16 * KiB;
/** Extensions are for nobody: an answer may have a few, and not be made of them. */
const OVERHEAD_LIMIT = 16 * KiB;
const USUAL_OVERHEAD = 16;

/** RFC 9112, 7.1.1: extensions are names with or without a value, which may be quoted. */
const SIZE_LINE = /^([0-9A-Fa-f]{1,16})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/;

type Part = 'size' | 'data' | 'data end' | 'trailer' | 'end';

/** A chunked body (RFC 9112, 7.1). Extensions and trailers are checked, bounded and thrown away. */
export class Chunked implements Framing {
  readonly mayEndHere = false;
  readonly left = undefined;
  #part: Part = 'size';
  /** Of the data of this chunk. */
  #missing = 0;
  #line = '';
  #overhead = 0;
  #trailer = 0;

  get ended(): boolean {
    return this.#part === 'end';
  }

  /** The data of all chunks are moved together in front, so that small chunks do not make small pieces. */
  take(bytes: Uint8Array): Unframed {
    let length = 0;
    let at = 0;
    while (at < bytes.length && this.#part !== 'end') {
      if (this.#part === 'data') {
        const count = Math.min(this.#missing, bytes.length - at);
        if (length !== at) bytes.copyWithin(length, at, at + count);
        length += count;
        at += count;
        this.#missing -= count;
        if (this.#missing === 0) this.#part = 'data end';
      } else at += this.#takeLine(bytes.subarray(at, at + LINE_LIMIT + 1));
    }
    return { body: bytes.subarray(0, length), used: at };
  }

  /** Everything that is no data ends with CRLF. */
  #takeLine(bytes: Uint8Array): number {
    const end = bytes.indexOf(LF);
    const length = end < 0 ? bytes.length : end + 1;
    if (this.#line.length + length > LINE_LIMIT) throw new ProtocolError('a line between its chunks is too long');
    this.#line += Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('latin1');
    if (end >= 0) this.#endLine();
    return length;
  }

  #endLine(): void {
    const line = this.#line.slice(0, -2);
    const isProper = this.#line.charCodeAt(line.length) === CR && this.#line.length >= 2;
    this.#line = '';
    if (!isProper) throw new ProtocolError('a line between its chunks does not end with CRLF');
    if (this.#part === 'size') this.#takeSize(line);
    else if (this.#part === 'trailer') this.#takeTrailer(line);
    else if (line !== '') throw new ProtocolError('a chunk is longer than it says');
    else this.#part = 'size';
  }

  #takeSize(line: string): void {
    const size = Number.parseInt(SIZE_LINE.exec(line)?.[1] ?? '', 16);
    if (!Number.isSafeInteger(size)) throw new ProtocolError('the size of a chunk is malformed');
    this.#overhead = Math.max(0, this.#overhead + line.length - USUAL_OVERHEAD - size);
    if (this.#overhead > OVERHEAD_LIMIT) throw new ProtocolError('its chunks have too many extensions', 'later');
    this.#missing = size;
    this.#part = size === 0 ? 'trailer' : 'data';
  }

  #takeTrailer(line: string): void {
    if (line === '') {
      this.#part = 'end';
      return;
    }
    this.#trailer += line.length;
    if (this.#trailer > TRAILER_LIMIT) throw new ProtocolError('it sends too many trailers', 'later');
    fieldsOf([line]);
  }
}
