import { createHash, createHmac } from 'node:crypto';
import type { Credentials } from '../credentials.ts';
import { encodeStrictly } from '../object-key.ts';

export interface Signable {
  /** `get` */
  readonly method: string;
  /** Decoded, with its leading slash. */
  readonly path: string;
  /** The headers and query parameters that the signature covers. */
  readonly headers: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  /** From when to when it is valid, in seconds since 1970. */
  readonly from: number;
  readonly until: number;
}

/** The Authorization header of a COS request: https://www.tencentcloud.com/document/product/436/7778 */
export function cosAuthorization(request: Signable, credentials: Credentials): string {
  const time = `${request.from};${request.until}`;
  const headers = canonical(request.headers);
  const parameters = canonical(request.parameters);
  const httpString = `${request.method.toLowerCase()}\n${request.path}\n${parameters.pairs}\n${headers.pairs}\n`;
  const stringToSign = `sha1\n${time}\n${createHash('sha1').update(httpString).digest('hex')}\n`;
  // The first digest is used as text: forty hex digits are another key than the twenty bytes.
  const signKey = hmac(credentials.secretAccessKey, time);
  return [
    'q-sign-algorithm=sha1',
    `q-ak=${credentials.accessKeyId}`,
    `q-sign-time=${time}`,
    `q-key-time=${time}`,
    `q-header-list=${headers.names}`,
    `q-url-param-list=${parameters.names}`,
    `q-signature=${hmac(signKey, stringToSign)}`,
  ].join('&');
}

/** Names encoded and in lower case, sorted; values encoded. */
function canonical(fields: Readonly<Record<string, string>>): { names: string; pairs: string } {
  const sorted = Object.entries(fields)
    .map(([name, value]) => [encodeStrictly(name).toLowerCase(), encodeStrictly(value)] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    names: sorted.map(([name]) => name).join(';'),
    pairs: sorted.map((pair) => pair.join('=')).join('&'),
  };
}

function hmac(key: string, text: string): string {
  return createHmac('sha1', key).update(text).digest('hex');
}
