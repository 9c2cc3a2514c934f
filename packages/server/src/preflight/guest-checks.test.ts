import { GUEST_CHECKS, inspectGuest, TARGET_PROFILES } from '@diskferry/engine/guest';
import { describe, expect, it } from 'vitest';
import { instanceFor, instanceOf, partitionedDisk, sceneWith, dataOf } from '../../testing/preflight-scene.ts';
import { MemorySource } from '../../testing/served.ts';
import { MemoryBytes } from '../../../engine/testing/memory-bytes.ts';
import { judgeLook } from './guest-checks.ts';
import { preflight } from './preflight.ts';

const LINK = 'https://images.example/disk.img';
const DISK = partitionedDisk(2 * 2 ** 20);
const scene = sceneWith({ openSource: async () => new MemorySource('disk.img', DISK) });

describe('the system inside an image', () => {
  it('is looked at where an instance shall start from it, and of that image alone', async () => {
    const { checks } = await preflight(instanceOf([LINK, LINK]), scene);
    const guest = checks.filter(({ code }) => code.startsWith('guest-'));
    expect(new Set(guest.map(({ image }) => image))).toEqual(new Set([0]));
    expect(guest.find(({ code }) => code === 'guest-firmware')).toMatchObject({
      verdict: 'block',
      title: 'Whether the disk starts with a firmware that the target has.',
      remedy: expect.stringContaining('firmware'),
    });
    const data = await preflight(dataOf({ link: LINK }), scene);
    expect(data.checks.some(({ code }) => code.startsWith('guest-'))).toBe(false);
  });

  it('that could not be looked at is unknown, and stops nobody', () => {
    expect(judgeLook({ report: undefined, because: 'took too long' }, instanceFor('i-1'), 0)).toMatchObject([
      { code: 'guest-inspected', verdict: 'unknown', evidence: 'took too long' },
    ]);
  });

  it('is compared with the firmware of the instance, both are named, and a network is not asked for', async () => {
    const report = await inspectGuest(new MemoryBytes(DISK));
    const uefi = {
      ...report,
      boot: { ...report.boot, uefi: { value: { loaders: ['EFI/BOOT/BOOTX64.EFI'], fallback: true }, from: 'ESP' } },
    };
    const at = (firmware: 'bios' | 'uefi') =>
      judgeLook({ report: uefi, isPacked: false }, instanceFor('i-1', { firmware }), 0);
    expect(at('bios').find(({ code }) => code === 'guest-firmware')).toMatchObject({
      verdict: 'block',
      evidence: 'the disk starts with uefi; the target has bios',
    });
    expect(at('uefi').find(({ code }) => code === 'guest-firmware')).toMatchObject({ verdict: 'pass', remedy: null });
    expect(at('uefi').filter(({ code }) => code.includes('network'))).toEqual([]);
    expect(GUEST_CHECKS.some(({ code }) => code.includes('network'))).toBe(true);
    expect(TARGET_PROFILES.local.firmware).toEqual(['bios', 'uefi']);
  });
});
