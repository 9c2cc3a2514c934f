import { DiskferryError } from '../../base/errors.ts';
import { BusyError, parseRetryAfter } from '../retry-after.ts';
import type { Exchange } from './exchange.ts';
import { presignedUntil } from './presigned.ts';

/** How much of an error's body is read, and how long it may take: it is there for the error code only. */
const BODY_LIMIT = 4096;
const BODY_PATIENCE_MS = 3000;

/** Says what an answer other than 200 or 206 means. Consumes the exchange. */
export async function refusalOf(exchange: Exchange, label: string): Promise<DiskferryError> {
  const { status } = exchange;
  const body = await bodyOf(exchange);
  const code = /<Code>\s*([A-Za-z.]{1,64})\s*<\/Code>/.exec(body)?.[1];
  const said = `${label}: ${exchange.url.host} answers ${status}${code === undefined ? '' : ` (${code})`}`;
  if (status === 401 || status === 403) return denied(exchange, { body, code, said });
  if (status === 404 || status === 410) return new DiskferryError('source-not-found', said);
  if (status === 412) return new DiskferryError('source-changed', `${said}: the object is not the one read at first`);
  if (status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501 && status !== 505)) {
    return new BusyError(said, parseRetryAfter(firstOf(exchange, 'retry-after')));
  }
  if (status >= 300 && status < 400) return new DiskferryError('source-redirect', said, { hint: regionHint(exchange) });
  return new DiskferryError('source-answer', said, { hint: regionHint(exchange) });
}

const EXPIRED_CODES = ['ExpiredToken', 'RequestExpired', 'TokenExpired', 'InvalidToken', 'RequestTimeTooSkewed'];

function denied(exchange: Exchange, answer: { body: string; code: string | undefined; said: string }): DiskferryError {
  const { body, code, said } = answer;
  const until = presignedUntil(exchange.url);
  const now = Date.parse(firstOf(exchange, 'date') ?? '') || Date.now();
  const isPast = until !== undefined && until <= Math.max(now, Date.now());
  if (isPast || EXPIRED_CODES.includes(code ?? '') || /<Message>[^<]*\bexpired\b/i.test(body)) {
    return new DiskferryError('source-expired', `${said}: the link or the credentials have expired`);
  }
  if (code === 'InvalidObjectState') {
    const hint = 'The object lies in an archive class: restore it first, then run the same command.';
    return new DiskferryError('source-denied', `${said}: the object is archived`, { hint });
  }
  return new DiskferryError('source-denied', said);
}

/** A store asked in the wrong region says which one is right. */
function regionHint(exchange: Exchange): string | undefined {
  const region = firstOf(exchange, 'x-amz-bucket-region') ?? firstOf(exchange, 'x-cos-bucket-region');
  return region !== undefined && /^[a-z0-9-]{1,40}$/.test(region)
    ? `The bucket is in the region ${region}.`
    : undefined;
}

function firstOf(exchange: Exchange, name: string): string | undefined {
  const value = exchange.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

async function bodyOf(exchange: Exchange): Promise<string> {
  const timer = setTimeout(() => exchange.cancel(), BODY_PATIENCE_MS);
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of exchange) {
      chunks.push(new Uint8Array(chunk.subarray(0, BODY_LIMIT)));
      length += chunk.length;
      if (length >= BODY_LIMIT) break;
    }
  } catch {
    // The status alone says enough.
  } finally {
    clearTimeout(timer);
    exchange.cancel();
  }
  return Buffer.concat(chunks).subarray(0, BODY_LIMIT).toString('latin1');
}
