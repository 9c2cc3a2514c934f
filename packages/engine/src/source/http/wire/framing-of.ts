import { tokensOf, type AnswerHead } from './answer-head.ts';
import { Chunked } from './chunked.ts';
import type { Framing, Unframed } from './framing.ts';
import { ProtocolError } from './protocol-error.ts';

/** RFC 9112, 6.3, where it leaves a choice the strict one: two ways to read a length are how answers are smuggled. */
export function framingOf({ minor, status, headers }: AnswerHead): Framing {
  const length = headers['content-length'];
  if (headers['transfer-encoding'] !== undefined) {
    if (length !== undefined) throw new ProtocolError('it sends Content-Length together with Transfer-Encoding');
    if (minor === 0) throw new ProtocolError('it sends Transfer-Encoding with HTTP/1.0');
    if (tokensOf(headers, 'transfer-encoding').join() !== 'chunked') {
      throw new ProtocolError('it sends a Transfer-Encoding other than chunked');
    }
    return new Chunked();
  }
  if (Array.isArray(length)) throw new ProtocolError('it sends several Content-Length');
  const bytes = length === undefined ? undefined : lengthOf(length);
  if (status === 204 || status === 304) return new Counted(0);
  return bytes === undefined ? new UntilEnd() : new Counted(bytes);
}

function lengthOf(text: string): number {
  const length = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(length)) return length;
  throw new ProtocolError('its Content-Length is not a number of bytes');
}

class Counted implements Framing {
  readonly mayEndHere = false;
  left: number;

  constructor(length: number) {
    this.left = length;
  }

  get ended(): boolean {
    return this.left === 0;
  }

  take(bytes: Uint8Array): Unframed {
    const body = bytes.subarray(0, this.left);
    this.left -= body.length;
    return { body, used: body.length };
  }
}

class UntilEnd implements Framing {
  readonly ended = false;
  readonly mayEndHere = true;
  readonly left = undefined;

  take(bytes: Uint8Array): Unframed {
    return { body: bytes, used: bytes.length };
  }
}
