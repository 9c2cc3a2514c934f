import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DiskferryError } from '@diskferry/engine';
import { ServiceError } from '../base/errors.ts';
import { ProviderError } from '../providers/provider-error.ts';
import {
  dataOf,
  evidenceIn,
  foundAt,
  instanceFor,
  instanceOf,
  partitionedDisk,
  sceneWith,
  volumeFor,
} from '../../testing/preflight-scene.ts';
import { fixedVhd, makeQcow2, makeTar, MemorySource, seededBytes, tablesFirst } from '../../testing/served.ts';
import type { Instance, Volume } from '../providers/provider.ts';
import { CHECKS, type CheckCode } from './catalogue.ts';
import { preflight, type PreflightRequest } from './preflight.ts';
import type { Found, PreflightScene } from './report.ts';

const MiB = 1024 * 1024;
const DISK = partitionedDisk(2 * MiB);
const VHD = fixedVhd(DISK);
const QCOW2 = makeQcow2({ disk: DISK, clusterBits: 16, kindOf: () => 'plain', order: tablesFirst });
const LINK = 'https://images.example/disk.img';
const BOTH = makeTar([
  { name: 'a.vhd', content: VHD },
  { name: 'b.vhd', content: VHD },
]);

/** An archive of which all is read before it is known what it holds. */
const LONG = gzipSync(makeTar([{ name: 'notes', content: seededBytes(1, 9 * MiB) }]), { level: 0 });

type Scene = Partial<PreflightScene>;
type Case = [code: CheckCode, verdict: string, request: PreflightRequest, scene: Scene, evidence?: string | RegExp];

const from = (content: Uint8Array, how: { ranged?: boolean } = {}): Scene => ({
  openSource: async () => new MemorySource('disk.img', content, how),
});
const fails = (error: Error): Scene => ({ openSource: () => Promise.reject(error) });
const meets = (code: 'source-expired' | 'source-denied' | 'source-not-found' | 'source-busy' | 'source-tls'): Scene =>
  fails(new DiskferryError(code, 'what the server said'));
const volume = (changes: Partial<Volume>, found: Partial<Found<Volume>> = {}): Scene => ({
  findVolume: async (id) => foundAt(volumeFor(id, changes), found),
});
const instance = (changes: Partial<Instance>): Scene => ({
  findInstance: async (id) => foundAt(instanceFor(id, changes)),
});
const ofSize = (size: number): Scene => volume({ size });
const notThere = () => Promise.reject(new ProviderError('volume-not-found', 'v-free is not there'));
const never = (): Promise<never> => new Promise(() => undefined);
const unpinned: Scene = {
  openSource: async () => {
    const source = new MemorySource('disk.img', DISK);
    source.identify = async () => ({ size: DISK.length, ranged: true });
    return source;
  },
};
const dirty = (): Uint8Array => {
  const image = QCOW2.slice();
  image[79] = 1;
  return image;
};
const inRegion = (region: string): Scene => ({
  openSource: async () => Object.assign(new MemorySource('disk.img', DISK), { region }),
});

const one = dataOf({ link: LINK });
const server = instanceOf([LINK]);
const both = instanceOf([LINK, LINK]);
const refusing = instanceOf([LINK], { runningInstance: 'refuse' });
const [image] = one.images;
const twice = { ...one, images: image === undefined ? [] : [image, image] };
const other: Scene = { findVolume: async (id) => foundAt(volumeFor(id), { provider: id }) };

/** Every check with every verdict that it has, and nothing else: what is not here is not in the catalogue. */
const CASES: Case[] = [
  ['format-declared', 'pass', dataOf({ link: LINK, format: 'RAW' }), {}, 'RAW'],
  ['format-declared', 'block', dataOf({ link: LINK, format: 'iso' }), {}, '"iso" is not known'],
  ['checksum-declared', 'pass', dataOf({ link: LINK, checksum: `md5:${'0'.repeat(32)}` }), {}],
  ['checksum-declared', 'block', dataOf({ link: LINK, checksum: 'md5:1' }), {}, '32 hex digits'],
  ['volumes-distinct', 'pass', one, {}],
  ['volumes-distinct', 'block', twice, {}, 'v-free'],
  ['one-provider', 'pass', one, {}, 'cloud'],
  ['one-provider', 'block', both, other, 'v-system, v-data'],

  ['link-readable', 'pass', one, {}],
  ['link-readable', 'unknown', one, { openSource: never }, 'took too long'],
  ['link-wrong', 'block', one, fails(new ServiceError('invalid-request', 'half the keys')), 'half the keys'],
  ['link-not-allowed', 'block', one, fails(new ServiceError('source-not-allowed', 'no folder is listed'))],
  ['link-expired', 'block', one, meets('source-expired'), 'what the server said (source-expired)'],
  ['link-denied', 'block', one, meets('source-denied')],
  ['credentials-unreadable', 'block', one, fails(new ServiceError('secret-unreadable', 'gone'))],
  ['link-not-found', 'block', one, meets('source-not-found')],
  ['link-unreachable', 'block', one, meets('source-busy')],
  ['link-untrusted', 'block', one, meets('source-tls')],
  ['object-pinned', 'pass', one, {}],
  ['object-pinned', 'block', one, unpinned],
  ['region-matches', 'pass', one, inRegion('ap-tokyo')],
  ['region-matches', 'block', one, inRegion('ap-osaka'), 'the bucket is in ap-osaka, the target in ap-tokyo'],

  ['image-recognised', 'pass', one, {}],
  ['image-recognised', 'block', one, from(Buffer.alloc(4096, 'page'))],
  ['image-recognised', 'unknown', one, from(LONG), 'read 8388608 bytes without'],
  ['image-usable', 'block', one, from(QCOW2.subarray(0, 70_000)), /\(image-\w+\)/],
  ['format-as-declared', 'pass', dataOf({ link: LINK, format: 'raw' }), {}],
  ['format-as-declared', 'block', dataOf({ link: LINK, format: 'vdi' }), {}],
  ['member-chosen', 'pass', dataOf({ link: LINK, member: 'b.vhd' }), from(BOTH)],
  ['member-chosen', 'block', one, from(BOTH), /a\.vhd.*b\.vhd/],
  ['image-warning', 'warn', one, from(dirty())],
  ['guest-inspected', 'pass', server, {}, 'bytes were read'],
  ['guest-inspected', 'unknown', server, from(gzipSync(DISK)), 'only its first'],
  ['copy-goes-on', 'pass', one, {}],
  ['copy-goes-on', 'warn', one, from(gzipSync(DISK), { ranged: false })],

  ['file-fits', 'pass', one, ofSize(DISK.length), '2097152 bytes (2 MiB), the volume 2097152 bytes (2 MiB)'],
  ['file-fits', 'warn', one, { ...from(VHD), ...ofSize(DISK.length) }, '2097664 bytes (2 MiB), the volume 2097152'],
  ['file-fits', 'block', one, ofSize(DISK.length - 512), '2097152 bytes (2 MiB), the volume 2096640'],
  ['disk-fits', 'pass', one, ofSize(DISK.length), 'the disk has 2097152'],
  ['disk-fits', 'block', one, ofSize(DISK.length - 512), '2097152 bytes (2 MiB), the volume 2096640'],
  ['disk-size-known', 'pass', one, {}, '2097152'],
  ['disk-size-known', 'warn', one, from(gzipSync(DISK)), 'gzip, raw'],
  ['volume-larger', 'pass', one, ofSize(3 * MiB), '1048576 bytes (1 MiB) behind the end'],

  ['volume-exists', 'pass', one, {}, 'v-free (name of v-free): data volume of 67108864 bytes (64 MiB) in ap-tokyo'],
  ['volume-exists', 'block', one, { findVolume: async () => undefined }, 'there is no volume v-free'],
  ['volume-exists', 'unknown', one, { findVolume: () => Promise.reject(new ServiceError('store-unavailable', 'no')) }],
  ['provider-reachable', 'pass', one, {}],
  ['provider-reachable', 'block', one, volume({}, { reachable: false }), 'cloud'],
  ['volume-usable', 'pass', one, {}],
  ['volume-usable', 'block', one, volume({ unusable: 'expired on 2026-11-01' }), 'expired on 2026-11-01'],
  ['volume-at-rest', 'pass', one, {}],
  ['volume-at-rest', 'block', one, volume({ state: 'changing' })],
  ['volume-free', 'pass', one, {}],
  ['volume-free', 'block', one, { lockedBy: async () => 'm-7' }, 'volume:v-free is locked by m-7'],
  ['volume-free', 'unknown', one, { lockedBy: never }, 'took too long'],
  ['volume-attachment', 'pass', server, {}, 'attached to i-1, i-1 is named'],
  [
    'volume-attachment',
    'block',
    one,
    volume({ attachment: { instance: 'i-2', slot: 1 } }),
    'attached to i-2, no instance',
  ],
  ['target-overwritten', 'pass', one, {}, 'blank'],
  ['target-overwritten', 'warn', one, { occupant: async () => 'It holds an ext4 file system.' }, 'ext4'],
  ['target-overwritten', 'unknown', one, { occupant: async () => undefined }, 'cannot be looked at'],
  ['provider-space', 'pass', one, { roomFor: async () => DISK.length }],
  [
    'provider-space',
    'warn',
    one,
    { roomFor: async () => DISK.length - 1 },
    '2097152 bytes (2 MiB), there is room for 2097151',
  ],
  ['provider-space', 'unknown', one, { ...from(gzipSync(DISK)), roomFor: async () => 5 }],

  ['instance-exists', 'pass', server, {}],
  ['instance-exists', 'block', server, { findInstance: async () => undefined }, 'there is no instance i-1'],
  ['instance-exists', 'unknown', server, { findInstance: never }],
  ['instance-usable', 'pass', server, {}],
  ['instance-usable', 'block', server, instance({ unusable: 'isolated' }), 'isolated'],
  ['instance-at-rest', 'pass', server, {}],
  ['instance-at-rest', 'block', server, instance({ state: 'changing' })],
  ['instance-free', 'pass', server, {}],
  ['instance-free', 'block', server, instance({ heldBy: { holder: 'm-8', why: 'm-8 stops it' } }), 'm-8 stops it'],
  ['instance-free', 'unknown', server, { lockedBy: never }],
  ['instance-running', 'pass', server, {}],
  ['instance-running', 'block', refusing, instance({ state: 'running' }), 'i-1 runs, runningInstance is refuse'],
  ['instance-will-be-stopped', 'warn', server, instance({ state: 'running' }), 'asked to shut down'],
  ['system-volume-first', 'pass', server, {}],
  ['system-volume-first', 'block', server, instance({ systemVolume: 'v-other' }), 'v-other'],
  ['volumes-of-instance', 'pass', both, {}],
  ['volumes-of-instance', 'block', both, instance({ dataVolumes: [] }), 'v-data not among v-system of i-1'],
];

const BOUNDS = {
  totalMs: 1000,
  bytes: 8 * MiB,
  speedMs: 50,
  speedBytes: MiB,
  guestBytes: 4 * MiB,
  guestMs: 500,
  atOnce: 4,
};

describe('the checks', () => {
  it.each(CASES)('%s says %s', async (code, verdict, request, scene, evidence = '') => {
    const plain = from(DISK);
    const report = await preflight(request, sceneWith({ ...plain, ...scene }), BOUNDS);
    expect(report.checks.filter((check) => check.code === code).map((check) => check.verdict)).toContain(verdict);
    expect(evidenceIn(report, code)).toMatch(evidence);
  });

  it.each(Object.keys(CHECKS) as CheckCode[])(
    '%s is silent, or passes, where there is nothing to say',
    async (code) => {
      const images = both.images.slice(0, 1);
      const report = await preflight({ ...server, images }, sceneWith(from(DISK)), BOUNDS);
      const found = report.checks.filter((check) => check.code === code);
      expect(found.filter(({ verdict, remedy }) => verdict !== 'pass' || remedy !== null)).toEqual([]);
    },
  );

  it('are those of the catalogue, each with all of its verdicts', () => {
    const produced = CASES.map(([code, verdict]) => `${code} ${verdict}`);
    const catalogued = Object.entries(CHECKS).flatMap(([code, { verdicts }]) => verdicts.map((v) => `${code} ${v}`));
    expect(produced.toSorted()).toEqual(catalogued.toSorted());
  });

  it.each(Object.entries(CHECKS))('%s has words for people', (_code, { title, remedy, rule }) => {
    expect(title).toMatch(/^[A-Z].{10,}\.$/);
    expect(rule).toMatch(/^[A-Z].{10,}\.$/);
    if (remedy !== null) expect(remedy).toMatch(/^[A-Z].{10,}\.$/);
    expect(`${title}${remedy}`).not.toMatch(/ --[a-z]/);
  });
});

describe('the room at the provider', () => {
  it('is enough where it is for all of the volume, and of no matter where the provider does not tell', async () => {
    const roomFor = async () => MiB;
    const small = { ...from(DISK), ...ofSize(MiB) };
    const report = await preflight(one, sceneWith({ ...small, roomFor }));
    expect(report.checks.find(({ code }) => code === 'provider-space')?.verdict).toBe('pass');
    const silent = await preflight(one, sceneWith(small));
    expect(silent.checks.some(({ code }) => code === 'provider-space')).toBe(false);
  });
});

describe('what the migration itself holds', () => {
  it('is no obstacle', async () => {
    const self = 'm-7';
    const held = { heldBy: { holder: self, why: 'm-7 writes it' } };
    const scene = sceneWith({ ...from(DISK), ...volume(held), lockedBy: async () => self, self });
    expect((await preflight(one, scene)).checks.find(({ code }) => code === 'volume-free')?.verdict).toBe('pass');
  });
});

describe('a data migration onto a volume of an instance that runs', () => {
  const target = { volume: 'v-data', instance: 'i-1' };
  const images = one.images.map(({ source }) => ({ source, target }));

  it.each([
    ['refuse', 'instance-running', 'block'],
    ['stop', 'instance-will-be-stopped', 'warn'],
    ['force', 'instance-will-be-stopped', 'warn'],
  ] as const)('with %s: %s %s', async (runningInstance, code, verdict) => {
    const request = { ...one, images, options: { ...one.options, runningInstance } };
    const report = await preflight(request, sceneWith({ ...from(DISK), ...instance({ state: 'running' }) }));
    expect(report.checks.find((check) => check.code === code)).toMatchObject({ verdict, image: 0 });
    expect(report.instanceRuns).toBe(true);
    expect(report.checks.some((check) => check.code === 'system-volume-first')).toBe(false);
  });

  it('is found out by the provider as well', async () => {
    const report = await preflight(one, sceneWith({ ...from(DISK), findVolume: notThere }));
    expect(evidenceIn(report, 'volume-exists')).toBe('v-free is not there (volume-not-found)');
    expect(report.label).toBeNull();
  });
});
