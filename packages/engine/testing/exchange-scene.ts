import { dialFor } from '../src/source/http/connect.ts';
import { Exchange } from '../src/source/http/exchange.ts';
import type { Timeouts } from '../src/source/http/timeouts.ts';
import { Pool } from '../src/source/http/wire/pool.ts';
import { collect } from './memory-bytes.ts';

const TIMEOUTS: Timeouts = { connectMs: 1000, headersMs: 2000, idleMs: 2000, windowMs: 2000, minimumRate: 1 };

export function poolFor(url: URL, ca?: string): Pool {
  const policy = { allowNamedHost: true, allowPrivate: true };
  return new Pool(dialFor({ policy, named: url.hostname, connectMs: TIMEOUTS.connectMs, ca }));
}

export interface Asking {
  readonly timeouts?: Partial<Timeouts>;
  readonly signal?: AbortSignal;
}

export function begin(pool: Pool, url: URL, { timeouts, signal }: Asking = {}): Promise<Exchange> {
  return Exchange.begin(pool, { url, headers: {} }, { timeouts: { ...TIMEOUTS, ...timeouts }, signal });
}

/** The body as text, read to its end. */
export async function textOf(exchange: Exchange): Promise<string> {
  return Buffer.from(await collect(exchange)).toString('latin1');
}
