import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { ApiParts } from '../src/api/parts.ts';
import type { Stores } from '../src/store/stores.ts';

/** Parts of an API that only tells what it is: nothing of them may be called. */
export function hollowParts(version: string): ApiParts {
  return {
    stores: hollow('stores') as Stores,
    provider: undefined,
    openSource: () => refuse('openSource'),
    preflight: () => refuse('preflight'),
    nudge: () => refuse('nudge'),
    log: pino({ level: 'silent' }),
    metrics: new Registry(),
    version,
    host: 'none',
    door: { secureCookies: false, trustedOrigins: [], hosts: null, trustedProxies: [], openMetrics: false },
  };
}

/** Whatever is taken from it is hollow as well; calling it is a fault. */
function hollow(name: string): unknown {
  return new Proxy(() => refuse(name), { get: (_target, key) => hollow(`${name}.${String(key)}`) });
}

function refuse(name: string): never {
  throw new Error(`${name} was called`);
}
