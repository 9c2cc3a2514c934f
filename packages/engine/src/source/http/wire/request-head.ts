import { DiskferryError } from '../../../base/errors.ts';

/** A GET without a body. */
export interface Request {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** RFC 9110, 5.5: visible characters, blank and tab, and what older texts call obs-text. Never CR, LF or NUL. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const TARGET = /^\/[\x21-\x7e]*$/;

/** Written here, or they would say something about a body or a connection that is not so. */
const OURS = [
  'host',
  'connection',
  'keep-alive',
  'proxy-connection',
  'content-length',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
];

/**
 * The head of a request in origin form (RFC 9112, 3.2.1).
 * @throws DiskferryError `usage` for what would break out of its line, or speak of the connection
 */
export function requestHead({ url, headers }: Request): Uint8Array {
  const target = url.pathname + url.search;
  if (!TARGET.test(target)) throw improper(url, 'the path is not proper');
  const lines = [`GET ${target} HTTP/1.1`, `Host: ${url.host}`, 'Connection: keep-alive'];
  for (const [name, value] of Object.entries(headers)) {
    if (!TOKEN.test(name) || OURS.includes(name.toLowerCase()) || !VALUE.test(value)) {
      throw improper(url, 'a header is not proper');
    }
    lines.push(`${name}: ${value}`);
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** Neither name nor value is quoted: they may be secrets. */
function improper(url: URL, what: string): DiskferryError {
  return new DiskferryError('usage', `a request to ${url.host} cannot be made: ${what}`);
}
