import { endOf, type ByteStream, type Range } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import type { AddressPolicy } from '../policy.ts';
import type { Ask, Identified, Identity, Source } from '../source.ts';
import { answerError, checkPartial, checkPlainBody, checkWhole, weakOf } from './answer.ts';
import { bodyOf } from './body.ts';
import { dialFor, type Resolver } from './connect.ts';
import { Exchange } from './exchange.ts';
import { identityOf } from './identity.ts';
import { isRedirect, keepsHeaders, redirectedTooOften, redirectTarget } from './redirect.ts';
import { refusalOf } from './refusal.ts';
import { TIMEOUTS, type Timeouts } from './timeouts.ts';
import type { Headers } from './wire/answer-head.ts';
import { Pool } from './wire/pool.ts';
import type { Request } from './wire/request-head.ts';

/** What an object store adds to plain HTTP. Everything else is the same for all. */
export interface Dialect {
  /** The link of the object in the version that is expected. */
  link?(expect: Identity | undefined): URL;
  /** Adds what proves the right to read. Called for every request, as signatures age. */
  sign?(request: Request): Promise<Request>;
  /** What the store's own headers tell about the object. */
  describe(headers: Headers): Pick<Identified, 'version' | 'digests'>;
}

export interface HttpOptions {
  /** Without user name and password: those are headers by now. */
  readonly url: URL;
  readonly label: string;
  readonly name: string;
  readonly region?: string | undefined;
  readonly policy: AddressPolicy;
  /** Sent to the host of `url` only. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly timeouts?: Partial<Timeouts> | undefined;
  readonly resolve?: Resolver | undefined;
  readonly ca?: string | undefined;
  /** Default 3. */
  readonly redirects?: number;
  readonly dialect?: Dialect;
}

const USER_AGENT = 'diskferry/0.1.0';
const REDIRECT_LIMIT = 3;

/** An object behind HTTP/1.1 (RFC 9110), read by GET alone. */
export class HttpSource implements Source {
  readonly label: string;
  readonly name: string;
  readonly region: string | undefined;
  readonly #options: HttpOptions;
  readonly #timeouts: Timeouts;
  readonly #pool: Pool;
  /** Where the redirects ended the last time. */
  #landed: URL | undefined;
  /** Of the whole object, as the store told it the last time that it was asked. */
  #crc: string | undefined;

  constructor(options: HttpOptions) {
    this.label = options.label;
    this.name = options.name;
    this.region = options.region;
    this.#options = options;
    this.#timeouts = { ...TIMEOUTS, ...options.timeouts };
    const { policy, resolve, ca } = options;
    const { connectMs } = this.#timeouts;
    this.#pool = new Pool(dialFor({ policy, named: options.url.hostname, connectMs, resolve, ca }));
  }

  async identify(signal?: AbortSignal): Promise<Identified> {
    const first = await this.#get({ headers: { range: 'bytes=0-0' }, signal });
    // An empty object has no byte 0: 416 (RFC 9110, 15.5.17). Asked without a range it tells its validators too.
    const isEmpty = first.status === 416;
    if (isEmpty) first.cancel();
    const exchange = isEmpty ? await this.#get({ headers: {}, signal }) : first;
    try {
      if (exchange.status !== 200 && exchange.status !== 206) throw await refusalOf(exchange, this.label);
      checkPlainBody(exchange);
      const found = identityOf(exchange, { isEmpty, ...this.#options.dialect?.describe(exchange.headers) });
      this.#checkPinned(found);
      this.#crc = found.digests?.['crc64ecma'];
      // One byte is read, so that the connection can be used again; a whole object is left where it is.
      if (exchange.status === 206) for await (const _chunk of bodyOf(exchange, 1));
      return found;
    } finally {
      exchange.cancel();
    }
  }

  async stream(ask: Ask): Promise<ByteStream> {
    const { range, expect, signal } = ask;
    if (range !== undefined) checkRange(range, expect);
    if (range?.length === 0) return nothing();
    const headers = { ...conditions(expect), ...rangeHeader(range) };
    const exchange = await this.#get({ headers, expect, signal });
    try {
      return bodyOf(exchange, await this.#check(exchange, ask));
    } catch (error) {
      exchange.cancel();
      throw error;
    }
  }

  /** The number of bytes that the body must have. */
  async #check(exchange: Exchange, { range, expect }: Ask): Promise<number | undefined> {
    const { status } = exchange;
    if (status === 416) throw outOfRange(exchange, expect);
    if (status !== 200 && status !== 206) throw await refusalOf(exchange, this.label);
    checkPlainBody(exchange);
    this.#checkStore(this.#options.dialect?.describe(exchange.headers), expect);
    if (status === 200) return checkWhole(exchange, range, expect);
    if (range === undefined) throw answerError(exchange, 'answers 206 though no range was asked for');
    return checkPartial(exchange, range, expect);
  }

  /** A store says with every range which version it is from, and what digest the whole has. */
  #checkStore(told: ReturnType<Dialect['describe']> | undefined, expect: Identity): void {
    const crc = told?.digests?.['crc64ecma'];
    const otherVersion = differ(told?.version, expect.version);
    if (!otherVersion && !differ(crc, this.#crc)) return;
    const what = otherVersion ? 'version' : 'CRC';
    throw new DiskferryError('source-changed', `${this.label}: the store answers with another ${what} of the object`);
  }

  #checkPinned(found: Identified): void {
    if (!this.#options.policy.requireValidator) return;
    if ((found.etag ?? found.lastModified ?? found.version) !== undefined) return;
    const said = 'the server gives neither ETag nor Last-Modified: a change during the copy could not be seen';
    throw new DiskferryError('source-unpinned', `${this.label}: ${said}`);
  }

  /** Sends one request through its redirects. A link that a redirect gave may expire: then the way is gone again. */
  async #get(ask: { headers: Record<string, string>; expect?: Identity; signal: AbortSignal | undefined }) {
    const origin = this.#options.dialect?.link?.(ask.expect) ?? this.#options.url;
    const remembered = this.#landed;
    if (remembered !== undefined) {
      const exchange = await this.#send(remembered, ask);
      if (![401, 403, 404, 410].includes(exchange.status) && !isRedirect(exchange.status)) return exchange;
      exchange.cancel();
      this.#landed = undefined;
    }
    const limit = this.#options.redirects ?? REDIRECT_LIMIT;
    let url = origin;
    for (let hops = 0; ; hops++) {
      const exchange = await this.#send(url, ask);
      if (!isRedirect(exchange.status)) {
        if (hops > 0 && exchange.status < 300) this.#landed = url;
        return exchange;
      }
      try {
        if (limit === 0) throw await refusalOf(exchange, this.label);
        if (hops >= limit) throw redirectedTooOften(url, limit);
        url = redirectTarget(exchange);
      } finally {
        exchange.cancel();
      }
    }
  }

  async #send(url: URL, ask: { headers: Record<string, string>; signal: AbortSignal | undefined }): Promise<Exchange> {
    const own = keepsHeaders(this.#options.url, url) ? ownHeaders(this.#options.headers) : {};
    const headers = { 'user-agent': USER_AGENT, accept: '*/*', 'accept-encoding': 'identity', ...own, ...ask.headers };
    const request = { url, headers };
    const signed = (await this.#options.dialect?.sign?.(request)) ?? request;
    return Exchange.begin(this.#pool, signed, { timeouts: this.#timeouts, signal: ask.signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]();
  }
}

async function* nothing(): ByteStream {}

function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

function checkRange(range: Range, expect: Identity): void {
  const isWhole = Number.isSafeInteger(range.offset) && Number.isSafeInteger(range.length);
  const fits = range.offset >= 0 && range.length >= 0 && endOf(range) <= (expect.size ?? Number.MAX_SAFE_INTEGER);
  if (isWhole && fits) return;
  const said = `${range.length} bytes at ${range.offset} leave the object of ${expect.size} bytes`;
  throw new DiskferryError('source-answer', said, { offset: range.offset });
}

/** What decides how the answer is read is not for the person to say. */
const RESERVED = ['range', 'if-match', 'if-unmodified-since', 'if-range', 'accept-encoding', 'host', 'connection'];

function ownHeaders(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(lowered.filter(([name]) => !RESERVED.includes(name)));
}

function rangeHeader(range: Range | undefined): Record<string, string> {
  return range === undefined ? {} : { range: `bytes=${range.offset}-${endOf(range) - 1}` };
}

/** The server itself shall refuse to serve another object than the one that is expected (RFC 9110, 13.1). */
function conditions(expect: Identity): Record<string, string> {
  if (expect.etag !== undefined) return { 'if-match': expect.etag };
  if (expect.lastModified !== undefined && weakOf(expect) === undefined) {
    return { 'if-unmodified-since': expect.lastModified };
  }
  return {};
}

function outOfRange(exchange: Exchange, expect: Identity): DiskferryError {
  const total = /^bytes \*\/(\d+)$/.exec(exchange.header('content-range') ?? '')?.[1];
  if (total !== undefined && expect.size !== undefined && Number(total) !== expect.size) {
    return new DiskferryError('source-changed', `the object has ${total} bytes now, it had ${expect.size}`);
  }
  return answerError(exchange, 'answers 416: the range is not in the object');
}
