import type { Target } from '@diskferry/engine';
import type { Provider } from '../src/providers/provider.ts';

/** The provider, but what it opens is first given to `wrap`: to count, or to fail. */
export function withTargets<P extends Provider>(provider: P, wrap: (target: Target, volume: string) => Target): P {
  return withCalls(provider, {
    openVolume: async (id, how) => wrap(await provider.openVolume(id, how), id),
  });
}

/** The provider with some calls replaced. */
export function withCalls<P extends Provider>(provider: P, calls: Partial<Provider>): P {
  return new Proxy(provider, {
    get(_target, name) {
      const own: unknown = (calls as Record<PropertyKey, unknown>)[name];
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(provider, name, provider);
      return typeof value === 'function' ? value.bind(provider) : value;
    },
  });
}
