import { TARGET_PROFILES } from '@diskferry/engine/guest';
import { imageSourceOpener } from '../src/sources/image-source-opener.ts';
import type { ImageSource } from '../src/migrations/migration.ts';
import type { PreflightRequest } from '../src/preflight/preflight.ts';
import type { CheckCode } from '../src/preflight/catalogue.ts';
import type { Found, PreflightReport, PreflightScene } from '../src/preflight/report.ts';
import type { Instance, Volume } from '../src/providers/provider.ts';
import type { Secret } from '../src/secrets/secret.ts';
import { PLAIN_SOURCE, sampleRequest } from './requests.ts';
import { seededBytes } from '../../engine/testing/seeded.ts';

const MiB = 1024 * 1024;
const PLACE = { region: 'ap-tokyo', zone: 'ap-tokyo-1' };

export function volumeFor(id: string, changes: Partial<Volume> = {}): Volume {
  return { id, name: `name of ${id}`, ...PLACE, size: 64 * MiB, role: 'data', state: 'available', ...changes };
}

export function instanceFor(id: string, changes: Partial<Instance> = {}): Instance {
  const machine = { firmware: 'bios', cpus: 1, memory: 512 * MiB } as const;
  const volumes = { systemVolume: 'v-system', dataVolumes: ['v-data'] };
  return { id, name: `name of ${id}`, ...PLACE, ...machine, ...volumes, state: 'stopped', ...changes };
}

export function foundAt<Thing>(thing: Thing, changes: Partial<Found<Thing>> = {}): Found<Thing> {
  return {
    thing,
    provider: 'cloud',
    limits: { sizeStep: 512, minSize: 512, maxSize: 1e15, dataVolumes: 20 },
    traits: TARGET_PROFILES.local,
    regions: ['ap-tokyo', 'ap-osaka'].map((name) => ({ name, zones: [`${name}-1`] })),
    reachable: true,
    ...changes,
  };
}

const attached = (slot: number) => ({ state: 'attached', attachment: { instance: 'i-1', slot } }) as const;

/** A cloud with one stopped instance `i-1` (v-system, v-data) and one free volume `v-free`; everything is blank and free. */
export function sceneWith(changes: Partial<PreflightScene> & { readonly secret?: Secret } = {}): PreflightScene {
  const { secret, ...rest } = changes;
  const volumes = new Map(
    [
      volumeFor('v-system', { role: 'system', ...attached(0) }),
      volumeFor('v-data', attached(1)),
      volumeFor('v-free'),
    ].map((volume) => [volume.id, foundAt(volume)]),
  );
  const open = imageSourceOpener({ allowHosts: [], allowRanges: ['127.0.0.1/32'], folders: [] });
  return {
    findVolume: async (id) => volumes.get(id),
    findInstance: async (id) => (id === 'i-1' ? foundAt(instanceFor('i-1')) : undefined),
    openSource: (source) => open(source, { secret: secret ?? null, hurried: true }),
    occupant: async () => null,
    lockedBy: async () => undefined,
    measuredSpeed: async () => undefined,
    ...rest,
  };
}

type Options = Partial<PreflightRequest['options']>;

/** One image onto the free volume. */
export function dataOf(
  source: Partial<ImageSource> & { readonly link: string },
  options: Options = {},
): PreflightRequest {
  const target = { volume: 'v-free', instance: null };
  return sampleRequest({ kind: 'data', images: [{ source: { ...PLAIN_SOURCE, ...source }, target }], options });
}

/** Each link onto a volume of the instance, the system volume first. */
export function instanceOf(links: readonly string[], options: Options = {}): PreflightRequest {
  const images = links.map((link, index) => {
    const volume = ['v-system', 'v-data'][index] ?? `v-${index}`;
    return { source: { ...PLAIN_SOURCE, link }, target: { volume, instance: 'i-1' } };
  });
  return sampleRequest({ kind: 'instance', images, options });
}

/** A disk with a partition table, so that it is known as raw; the same for the same size. */
export function partitionedDisk(size: number): Uint8Array {
  const disk = seededBytes(3, size);
  disk.fill(0, 0, 512);
  // One bootable Linux partition from sector 1 to the end.
  disk.set([0x80, 0, 2, 0, 0x83, 0xfe, 0xff, 0xff, 1, 0, 0, 0], 446);
  new DataView(disk.buffer, disk.byteOffset).setUint32(458, size / 512 - 1, true);
  disk.set([0x55, 0xaa], 510);
  return disk;
}

/** The verdict of a check, or undefined where it does not speak. */
export function verdictIn({ checks }: PreflightReport, code: CheckCode): string | undefined {
  return checks.find((check) => check.code === code)?.verdict;
}

export function evidenceIn({ checks }: PreflightReport, code: CheckCode): string {
  return checks.find((check) => check.code === code)?.evidence ?? '';
}
