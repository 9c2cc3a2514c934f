import { endOf, type Range } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import type { Identity } from '../source.ts';
import type { Exchange } from './exchange.ts';

/** Content-Range of a 206 (RFC 9110, 14.4). `total` is undefined for "*". */
export interface ContentRange extends Range {
  readonly total: number | undefined;
}

/** What the head of an answer tells about the object. A validator is only what can be compared later. */
export interface Validators {
  readonly etag: string | undefined;
  /** A weak ETag says "about the same": never sent as a condition, still a change when it differs. */
  readonly weak: string | undefined;
  readonly lastModified: string | undefined;
}

export function validatorsOf(exchange: Exchange): Validators {
  const etag = exchange.header('etag');
  return {
    etag: etag !== undefined && /^"[^"]*"$/.test(etag) ? etag : undefined,
    weak: etag !== undefined && /^W\/"[^"]*"$/.test(etag) ? etag : undefined,
    lastModified: exchange.header('last-modified'),
  };
}

/** @throws DiskferryError `source-changed` where the answer is visibly about another object than `expect` */
export function checkSameObject(exchange: Exchange, expect: Identity, total: number | undefined): void {
  const { etag, weak, lastModified } = validatorsOf(exchange);
  const found = etag ?? weak;
  const pinned = expect.etag ?? weakOf(expect);
  if (pinned !== undefined && found !== undefined && opaque(found) !== opaque(pinned)) {
    throw changed(exchange, 'ETag', found, pinned);
  }
  // With a strong ETag the date says nothing more, and the nodes of a cluster may differ in it.
  if (expect.etag === undefined && expect.lastModified !== undefined && lastModified !== undefined) {
    if (lastModified !== expect.lastModified) throw changed(exchange, 'date', lastModified, expect.lastModified);
  }
  if (expect.size !== undefined && total !== undefined && total !== expect.size) {
    throw changed(exchange, 'size', String(total), String(expect.size));
  }
}

/** A weak ETag is kept as the version: the contract has no other place for it. */
export function weakOf(expect: Identity): string | undefined {
  return expect.version?.startsWith('W/') ? expect.version : undefined;
}

function opaque(etag: string): string {
  return etag.replace(/^W\//, '');
}

function changed(exchange: Exchange, what: string, found: string, pinned: string): DiskferryError {
  const said = `the object at ${exchange.url.host} has another ${what} now`;
  return new DiskferryError('source-changed', `${said}: ${found.slice(0, 100)}, it was ${pinned.slice(0, 100)}`);
}

export function answerError(exchange: Exchange, said: string, retry: 'now' | 'later' = 'later'): DiskferryError {
  return new DiskferryError('source-answer', `${exchange.url.host} ${said}`, { retry });
}

/** An encoded body has other offsets than the object: only identity can be cut into ranges or compared with a size. */
export function checkPlainBody(exchange: Exchange): void {
  const encoding = exchange.header('content-encoding')?.trim().toLowerCase();
  if (encoding !== undefined && encoding !== '' && encoding !== 'identity') {
    throw answerError(exchange, `answers with Content-Encoding ${encoding.slice(0, 40)} where none was asked for`);
  }
}

export function contentLengthOf(exchange: Exchange): number | undefined {
  const text = exchange.header('content-length');
  if (text === undefined) return undefined;
  return wholeNumber(exchange, 'Content-Length', text);
}

/** @throws DiskferryError `source-answer` for a missing, multipart or malformed Content-Range */
export function contentRangeOf(exchange: Exchange): ContentRange {
  if (/^multipart\//i.test(exchange.header('content-type') ?? '')) {
    throw answerError(exchange, 'answers one range with several parts (multipart/byteranges)');
  }
  const text = exchange.header('content-range');
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(text?.trim() ?? '');
  if (match === null) throw answerError(exchange, `answers 206 with Content-Range ${text?.slice(0, 60) ?? 'missing'}`);
  const [first, last, total] = [match[1] ?? '', match[2] ?? '', match[3] ?? ''];
  const offset = wholeNumber(exchange, 'Content-Range', first);
  const end = wholeNumber(exchange, 'Content-Range', last) + 1;
  const size = total === '*' ? undefined : wholeNumber(exchange, 'Content-Range', total);
  if (end <= offset || (size !== undefined && end > size)) {
    throw answerError(exchange, `answers 206 with the impossible Content-Range ${match[0].slice(0, 60)}`);
  }
  return { offset, length: end - offset, total: size };
}

function wholeNumber(exchange: Exchange, what: string, text: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw answerError(exchange, `sends the ${what} ${text.slice(0, 40)}, not a number of bytes`);
}

/** Checks a 206 against the range that was asked for and gives the length of its body. */
export function checkPartial(exchange: Exchange, range: Range, expect: Identity): number {
  const found = contentRangeOf(exchange);
  checkSameObject(exchange, expect, found.total);
  if (found.total === undefined) throw answerError(exchange, 'answers 206 without the size of the object ("*")');
  if (found.offset !== range.offset || found.length !== range.length) {
    const asked = `${range.offset}-${endOf(range) - 1}`;
    throw answerError(exchange, `answers with bytes ${found.offset}-${endOf(found) - 1} where ${asked} was asked for`);
  }
  checkLength(exchange, range.length);
  return range.length;
}

/** Checks a 200, whose body is the whole object, and gives its length where that is known. */
export function checkWhole(exchange: Exchange, range: Range | undefined, expect: Identity): number | undefined {
  checkSameObject(exchange, expect, contentLengthOf(exchange));
  if (range === undefined || (range.offset === 0 && range.length === expect.size)) return expect.size;
  throw answerError(exchange, 'ignores the range and sends the whole object');
}

function checkLength(exchange: Exchange, length: number): void {
  const announced = contentLengthOf(exchange);
  if (announced === undefined || announced === length) return;
  throw answerError(exchange, `announces ${announced} bytes for a range of ${length}`, 'now');
}
