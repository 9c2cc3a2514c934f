import { ServiceError } from '../../base/errors.ts';
import type { Provider, Ref } from '../../providers/provider.ts';
import type { ApiParts } from '../parts.ts';
import { findInstance, findVolume, placesOf } from './places.ts';

/**
 * The provider of this process, where the thing is its own or nobody's: it then says itself that there is none.
 * @throws ServiceError `managed-elsewhere` with the machine where it can be done
 */
export async function providerOf(parts: ApiParts, { kind, id }: Ref): Promise<Provider> {
  const places = await placesOf(parts);
  const found = kind === 'volume' ? findVolume(places, id) : findInstance(places, id);
  if (found !== undefined && !found.place.here) {
    const { provider, host } = found.place;
    throw new ServiceError('managed-elsewhere', `${kind} ${id} is managed by ${provider} on ${host}`);
  }
  if (parts.provider !== undefined) return parts.provider;
  throw new ServiceError('not-found', `there is no ${kind} ${id}`);
}

/** For what is made anew: by the provider of this process, whatever the region is called. */
export async function ownProvider(parts: ApiParts, region: string): Promise<Provider> {
  if (parts.provider !== undefined) return parts.provider;
  const place = (await placesOf(parts)).find(({ regions }) => regions.some(({ name }) => name === region));
  const where = place === undefined ? 'workers on other machines' : `${place.provider} on ${place.host}`;
  throw new ServiceError('managed-elsewhere', `the region ${JSON.stringify(region)} is managed by ${where}`);
}
