import type { Check } from '@diskferry/protocol';
import type { MigrationRequest } from '../migrations/request.ts';
import { check } from './check.ts';
import { checkDistinct } from './declared-checks.ts';
import { forecast } from './forecast.ts';
import { guestSummary } from './guest-summary.ts';
import { judgeLook, type GuestPlace } from './guest-checks.ts';
import { inTurns } from './in-turns.ts';
import { BOUNDS, Inquiry, type Bounds } from './inquiry.ts';
import { compareRegions } from './link-checks.ts';
import type { GuestLook } from './look-at-guest.ts';
import { checkBelonging, lookAtInstance, type InstanceLook, type NamedInstance } from './look-at-instance.ts';
import { lookAtSource, type SourceLook } from './look-at-source.ts';
import { compareRoom, lookAtVolume, type VolumeLook } from './look-at-volume.ts';
import type { PreflightImage, PreflightReport, PreflightScene } from './report.ts';
import { compareSizes } from './size-checks.ts';

export type PreflightRequest = Pick<MigrationRequest, 'kind' | 'images' | 'options'>;

/** What was found, before anything is compared. */
interface Looks {
  readonly sources: readonly SourceLook[];
  readonly volumes: readonly VolumeLook[];
  readonly instances: readonly InstanceLook[];
}

/**
 * Looks at everything that can be known before a byte is written, and changes nothing. First it looks (sources, volumes and
 * instances at once, within the bounds), then it compares. What does not answer in time, or with an error, is a check.
 * @throws the reason of `scene.signal`, and nothing for what lies outside
 */
export async function preflight(
  request: PreflightRequest,
  scene: PreflightScene,
  bounds: Bounds = BOUNDS,
): Promise<PreflightReport> {
  using inquiry = new Inquiry(scene.signal, bounds.totalMs);
  const { images, options } = request;
  const [sources, volumes, instances] = await allSettled([
    inTurns(images, bounds.atOnce, ({ source }, image) => {
      const isSystem = request.kind === 'instance' && image === 0;
      return lookAtSource(source, image, { scene, inquiry, bounds, isSystem });
    }),
    inTurns(images, bounds.atOnce, ({ target }, image) => lookAtVolume(target, image, scene, inquiry)),
    inTurns(namedInstances(request), bounds.atOnce, (named) => lookAtInstance(named, options, scene, inquiry)),
  ]);
  scene.signal?.throwIfAborted();
  return reportOf(request, { sources, volumes, instances });
}

function reportOf(request: PreflightRequest, looks: Looks): PreflightReport {
  const { sources, volumes, instances } = looks;
  const places = volumes.map(({ found }) => found);
  const providers = [...new Set(places.flatMap((found) => found?.provider ?? []))];
  return {
    checks: [
      checkDistinct(request.images),
      ...(providers.length === 0 ? [] : [oneProvider(providers)]),
      ...request.images.flatMap((_image, index) => imageChecks(looks, index)),
      ...instances.flatMap(({ checks }) => checks),
      ...belonging(request, looks),
    ],
    forecast: forecast(sources, request.options),
    images: sources.map(imageOf),
    instanceRuns: instances.some(({ found }) => found?.thing.state === 'running'),
    label: providers.length === 1 ? `provider:${providers[0]}` : null,
  };
}

function imageOf({ identity, layers, fileSize, virtualSize, reading, guest: look }: SourceLook): PreflightImage {
  const guest = look?.report === undefined ? null : guestSummary(look.report);
  return { identity, layers, fileSize, virtualSize, reading, guest };
}

function oneProvider(providers: readonly string[]): Check {
  return check('one-provider', providers.length === 1 ? 'pass' : 'block', null, providers.join(', '));
}

/** In the order in which a person asks: can it be read, what is it, where does it go, does it fit. */
function imageChecks(looks: Looks, image: number): Check[] {
  const { sources, volumes } = looks;
  const source = sources[image];
  const volume = volumes[image];
  if (source === undefined || volume === undefined) return [];
  const { fileSize, virtualSize, region } = source;
  const { found } = volume;
  const isRead = source.identity !== null;
  return [
    ...source.checks,
    ...(source.guest === undefined ? [] : judgeLook(source.guest, guestPlace(source.guest, looks, image), image)),
    ...(isRead && found !== undefined ? [compareRegions(region, found, image)] : []),
    ...volume.checks,
    ...compareSizes({ image, fileSize, virtualSize, volume: found?.thing.size }),
    ...(isRead ? compareRoom(volume, virtualSize, image) : []),
  ];
}

/** A system is judged at its instance; of a data volume it matters at which provider it is. */
function guestPlace({ isSystem }: GuestLook, { volumes, instances }: Looks, image: number): GuestPlace | undefined {
  const place = isSystem ? instances[0]?.found : volumes[image]?.found;
  if (place?.traits === undefined) return undefined;
  return { traits: place.traits, instance: isSystem ? instances[0]?.found?.thing : undefined };
}

function belonging({ kind, images }: PreflightRequest, { instances }: Looks): Check[] {
  const instance = instances[0]?.found?.thing;
  if (kind !== 'instance' || instance === undefined) return [];
  return checkBelonging(
    instance,
    images.map(({ target }) => target.volume),
  );
}

/** Each instance that a target names, once. In a data migration it belongs to the image. */
function namedInstances({ kind, images }: PreflightRequest): NamedInstance[] {
  const named = new Map<string, NamedInstance>();
  for (const [index, { target }] of images.entries()) {
    const id = target.instance;
    if (id !== null && !named.has(id)) named.set(id, { id, image: kind === 'instance' ? null : index });
  }
  return [...named.values()];
}

/** As Promise.all, and settles when all of them have. */
async function allSettled<A, B, C>(work: [Promise<A>, Promise<B>, Promise<C>]): Promise<[A, B, C]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
