import { PROVIDER_FEATURES, type ProviderFeature } from '@diskferry/protocol';
import type { Provider } from './provider.ts';

/** What this provider can do of that which only some can, by name: for whoever cannot call it. */
export function featuresOf({ features }: Pick<Provider, 'features'>): ProviderFeature[] {
  return PROVIDER_FEATURES.filter((name) => features[name] !== undefined);
}
