import { DiskferryError } from '@diskferry/engine';
import type { ApiClient } from '@diskferry/protocol/client';
import { answerOf } from '../../service/call.ts';

export interface PlaceFlags {
  readonly region?: string;
  readonly zone?: string;
}

/** The region and zone that were named, or the only ones that there are. */
export async function placeOf(
  client: ApiClient,
  { region, zone }: PlaceFlags,
): Promise<{ region: string; zone: string }> {
  if (region !== undefined && zone !== undefined) return { region, zone };
  const { items } = await answerOf(client.GET('/api/v1/regions'));
  const places = items
    .flatMap(({ name, zones }) => zones.map((each) => ({ region: name, zone: each })))
    .filter((place) => (region ?? place.region) === place.region && (zone ?? place.zone) === place.zone);
  if (places.length === 1 && places[0]) return places[0];
  const known = places.map((place) => `${place.region}/${place.zone}`).join(', ') || 'none';
  throw new DiskferryError('usage', `--region and --zone are needed: it could be any of ${known}`);
}
