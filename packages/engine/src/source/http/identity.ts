import type { Identified } from '../source.ts';
import { answerError, contentLengthOf, contentRangeOf, validatorsOf } from './answer.ts';
import type { Exchange } from './exchange.ts';

interface Known extends Pick<Identified, 'version' | 'digests'> {
  /** The server has said that the object has no first byte. */
  readonly isEmpty: boolean;
}

/** What the answer to `bytes=0-0` tells: 206 with the size behind the slash, or 200 where ranges are not served. */
export function identityOf(exchange: Exchange, known: Known): Identified {
  const { etag, weak, lastModified } = validatorsOf(exchange);
  const { size, ranged } = extentOf(exchange, known.isEmpty);
  return {
    size,
    ranged,
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
    ...((known.version ?? weak) === undefined ? {} : { version: known.version ?? weak }),
    ...(known.digests === undefined ? {} : { digests: known.digests }),
  };
}

function extentOf(exchange: Exchange, isEmpty: boolean): { size: number | undefined; ranged: boolean } {
  if (exchange.status === 206) {
    const range = contentRangeOf(exchange);
    if (range.offset !== 0 || range.length !== 1) throw answerError(exchange, 'answers another range than bytes 0-0');
    if (range.total === undefined) throw answerError(exchange, 'answers 206 without the size of the object ("*")');
    return { size: range.total, ranged: true };
  }
  const size = contentLengthOf(exchange);
  if (!isEmpty) return { size, ranged: size === 0 };
  if (size === undefined || size === 0) return { size: 0, ranged: true };
  throw answerError(exchange, `answers 416 to its first byte and then has ${size} bytes`);
}
