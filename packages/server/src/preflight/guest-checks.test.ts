import { inspectGuest, TARGET_PROFILES, type GuestReport, type TargetTraits } from '@diskferry/engine/guest';
import type { Check } from '@diskferry/protocol';
import { describe, expect, it } from 'vitest';
import { dataOf, foundAt, instanceFor, instanceOf, partitionedDisk, sceneWith } from '../../testing/preflight-scene.ts';
import { MemorySource } from '../../testing/served.ts';
import { MemoryBytes } from '../../../engine/testing/memory-bytes.ts';
import { judgeLook } from './guest-checks.ts';
import { preflight } from './preflight.ts';

const LINK = 'https://images.example/disk.img';
const DISK = partitionedDisk(2 * 2 ** 20);
const scene = sceneWith({ openSource: async () => new MemorySource('disk.img', DISK) });

const untold = async () => foundAt(instanceFor('i-1'), { traits: undefined });

function codesOf(found: readonly Check[]): string[] {
  return found.map(({ code }) => code).filter((code) => code.startsWith('guest-'));
}

function placeOf(traits: Partial<TargetTraits>, firmware: 'bios' | 'uefi' = 'bios') {
  return { traits: { ...TARGET_PROFILES.local, ...traits }, instance: { firmware } };
}

const PLAIN_FILE = { file: '/etc/netplan/a.yaml', interfaces: [], addressing: 'dhcp' } as const;
const GONE = { unknown: 'not read' };
const LINUX: NonNullable<GuestReport['system']> = {
  family: 'linux',
  root: 'partition 1',
  subvolume: null,
  distribution: GONE,
  architecture: GONE,
  hostname: GONE,
  kernels: GONE,
  started: GONE,
  drivers: { value: { kernel: '6.1', places: { virtio_pci: 'built-in', virtio_blk: 'built-in' } }, from: '/boot' },
  fstab: GONE,
  crypttab: GONE,
  network: GONE,
  cloudInit: GONE,
  conflicts: GONE,
  windows: null,
};

describe('the system inside an image', () => {
  it('is looked at where an instance shall start from it; of a data volume only what counts for every disk', async () => {
    const { checks } = await preflight(instanceOf([LINK, LINK]), scene);
    const guest = checks.filter(({ code }) => code.startsWith('guest-'));
    expect(guest.find(({ code }) => code === 'guest-firmware')).toMatchObject({
      verdict: 'block',
      title: 'Whether the disk starts with a firmware that the target has.',
      remedy: expect.stringContaining('firmware'),
    });
    const data = await preflight(dataOf({ link: LINK }), scene);
    const forEvery = ['guest-inspected', 'guest-disk-cut', 'guest-partition-table-damaged'];
    expect(codesOf(data.checks)).toEqual(forEvery);
    expect(codesOf(guest.filter(({ image }) => image === 1))).toEqual(forEvery);
    expect(data.checks.find(({ code }) => code === 'guest-inspected')).toMatchObject({
      verdict: 'pass',
      evidence: expect.stringContaining('partition 1: nothing known; it was not looked for a system; '),
    });
  });

  it('that could not be looked at is unknown, and stops nobody', () => {
    expect(judgeLook({ report: undefined, because: 'took too long' }, placeOf({}), 0)).toMatchObject([
      { code: 'guest-inspected', verdict: 'unknown', evidence: 'took too long' },
    ]);
  });

  it('is compared with the firmware of the instance, and both are named', async () => {
    const report = await inspectGuest(new MemoryBytes(DISK));
    const uefi = {
      ...report,
      boot: { ...report.boot, uefi: { value: { loaders: ['EFI/BOOT/BOOTX64.EFI'], fallback: true }, from: 'ESP' } },
    };
    const at = (firmware: 'bios' | 'uefi') => judgeLook({ report: uefi, isPacked: false }, placeOf({}, firmware), 0);
    expect(at('bios').find(({ code }) => code === 'guest-firmware')).toMatchObject({
      verdict: 'block',
      evidence: 'the disk starts with uefi; the target has bios',
    });
    expect(at('uefi').find(({ code }) => code === 'guest-firmware')).toMatchObject({ verdict: 'pass', remedy: null });
    expect(TARGET_PROFILES.local.firmware).toEqual(['bios', 'uefi']);
  });

  it('is judged by the traits of the provider: its tables, its network, or that it has none', async () => {
    const report = await inspectGuest(new MemoryBytes(DISK));
    const system = { ...LINUX, network: { value: [{ ...PLAIN_FILE, macs: ['00:50:56:aa:bb:cc'] }], from: '/etc' } };
    const at = (traits: Partial<TargetTraits>) => {
      const found = judgeLook({ report: { ...report, system }, isPacked: false }, placeOf(traits), 0);
      return Object.fromEntries(found.map(({ code, verdict, evidence }) => [code, `${verdict}: ${evidence}`]));
    };
    expect(at({ tables: ['gpt'] })['guest-partition-table']).toBe('block: the disk has mbr; the target takes gpt');
    expect(at({})['guest-network-mac']).toMatch(/^pass: does not apply, for the target has no network: 00:50:56/);
    expect(at({ nic: 'virtio-net' })['guest-network-mac']).toBe('warn: 00:50:56:aa:bb:cc in /etc/netplan/a.yaml');
    expect(at({ bus: 'virtio-scsi' })['guest-disk-driver']).toContain('virtio_scsi is missing');
  });

  it('is not judged where nobody tells what the instances of the place are', async () => {
    const { checks } = await preflight(instanceOf([LINK]), { ...scene, findInstance: untold });
    expect(codesOf(checks)).toEqual(['guest-inspected']);
  });
});
