import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fileBytes } from '../../../testing/file-bytes.ts';
import { madeByMke2fs } from '../../../testing/filesystem-makers.ts';
import {
  debianFiles,
  KERNEL,
  makeDisk,
  ROOT_UUID,
  type DiskPart,
  type DiskPlan,
  type Flaws,
} from '../../../testing/guest-maker.ts';
import { cpio } from '../../../testing/initramfs-maker.ts';
import { physicalVolume } from '../../../testing/lvm-maker.ts';
import { MiB } from '../../base/align.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { hasTool } from '../../../testing/tools.ts';
import { inspectGuest } from '../inspect-guest.ts';
import { GUEST_CHECKS, judgeGuest } from './catalogue.ts';
import { TARGET_PROFILES, type TargetProfile, type TargetTraits } from './target.ts';

const folder = await tempFolder();
let made = 0;
const make = madeByMke2fs(['-t', 'ext4', '-U', ROOT_UUID]);

/** As local, where the serial line is read, and with a network. */
const NETWORKED: TargetTraits = { ...TARGET_PROFILES.local, nic: 'virtio-net' };

async function findings(flaws: Flaws, target: TargetProfile | TargetTraits = NETWORKED, plan: Partial<DiskPlan> = {}) {
  const parts = [{ type: plan.label === 'gpt' ? 'L' : '83', size: 32, make, files: debianFiles(flaws) }];
  await using disk = await fileBytes(
    await makeDisk(folder, `disk-${made++}`, { label: 'dos', grub: true, parts, ...plan }),
  );
  return judgeGuest(await inspectGuest(disk), typeof target === 'string' ? TARGET_PROFILES[target] : target);
}

/** Only what a person has to do something about. */
async function complaints(...ask: Parameters<typeof findings>): Promise<Record<string, string>> {
  const all = await findings(...ask);
  return Object.fromEntries(
    all
      .filter(({ verdict }) => verdict !== 'pass')
      .map(({ code, verdict, evidence }) => [code, `${verdict}: ${evidence}`]),
  );
}

/** eth0 is what the sample calls its interface: nobody can say whether that is right without the kernel's arguments. */
const USUAL = { 'guest-network-interface': expect.stringContaining('unknown: cannot tell, because eth0 in') };
const one = (text: string) => expect.stringContaining(text);

describe.skipIf(!hasTool('mke2fs') || !hasTool('sfdisk'))('judgeGuest() [needs mke2fs sfdisk]', () => {
  it('finds nothing wrong with a system that starts anywhere', async () => {
    expect(await complaints({})).toEqual(USUAL);
    expect(await complaints({}, 'tencent-cvm')).toEqual({});
    expect(await complaints({ console: 'console=ttyS0 net.ifnames=0' })).toEqual({});
  });

  it.each([
    [
      'root=/dev/sda1',
      { root: '/dev/sda1' },
      { 'guest-root-device': one('block: root=/dev/sda1 in /boot/grub/grub.cfg; on virtio-blk disks are called vda') },
    ],
    ['root=/dev/vda1', { root: '/dev/vda1' }, { 'guest-root-device': one('warn: root=/dev/vda1') }],
    ['root= of another disk', { root: 'UUID=0000-gone' }, { 'guest-root-device': one('is not on this disk') }],
    [
      'an initramfs for IDE',
      { modules: ['ata_piix', 'sd_mod'] },
      {
        'guest-disk-driver': one(
          'block: disks on virtio-blk: virtio_pci is missing, virtio_blk is on the root only in kernel 6.1.0-9-amd64',
        ),
      },
    ],
    [
      'fstab naming sda for /',
      { fstab: '/dev/sda1 / ext4 defaults 0 1\n' },
      { 'guest-fstab-names': 'warn: /dev/sda1 on /' },
    ],
    [
      'fstab naming a second disk',
      { fstab: `UUID=${ROOT_UUID} / ext4 defaults 0 1\n/dev/sdb1 /srv/data ext4 defaults 0 2\n` },
      { 'guest-fstab-names': one('block: /dev/sdb1 on /srv/data; the system stops in emergency mode') },
    ],
    [
      'fstab naming a second disk as the target may call it',
      { fstab: `UUID=${ROOT_UUID} / ext4 defaults 0 1\n/dev/vdb1 /srv/data ext4 defaults 0 2\n` },
      { 'guest-fstab-names': one('warn: /dev/vdb1 on /srv/data: another disk; the system stops in emergency mode if') },
    ],
    [
      'fstab with a missing disk',
      { fstab: `UUID=${ROOT_UUID} / ext4 defaults 0 1\nUUID=gone /srv xfs defaults 0 2\n` },
      { 'guest-fstab-missing': one('block: not on this disk: UUID=gone on /srv') },
    ],
    [
      'fstab with a missing swap',
      { fstab: `UUID=${ROOT_UUID} / ext4 defaults 0 1\nUUID=gone none swap sw 0 0\n` },
      { 'guest-fstab-missing': one('warn: not on this disk') },
    ],
    ['no serial console', { console: 'console=tty0' }, { 'guest-serial-console': one('warn: no console=ttyS0') }],
    [
      'a network bound to a MAC',
      {
        more: {
          'etc/udev/rules.d/70-persistent-net.rules': 'ATTR{address}=="00:50:56:aa:bb:cc", NAME="ens192"\n',
          'etc/network/interfaces': 'iface ens192 inet static\n address 10.0.0.2\n',
        },
      },
      {
        'guest-network-mac': one('warn: 00:50:56:aa:bb:cc in /etc/udev/rules.d'),
        'guest-network-interface': one('warn: ens192 in'),
        'guest-network-static': one('warn'),
      },
    ],
    [
      'VMware Tools',
      { more: { 'etc/vmware-tools/locations': 'x' } },
      { 'guest-conflicting-software': 'warn: VMware Tools (/etc/vmware-tools/locations)' },
    ],
    [
      'a kernel that is not there',
      {
        more: {
          'boot/grub/grub.cfg': `menuentry 'Old' {\nlinux /boot/vmlinuz-5.0.0-1 root=UUID=${ROOT_UUID} console=ttyS0\ninitrd /boot/initrd.img-5.0.0-1\n}\n`,
        },
      },
      {
        'guest-kernel': one(
          'block: /boot/vmlinuz-5.0.0-1, /boot/initrd.img-5.0.0-1 is started from /boot/grub/grub.cfg, and not there',
        ),
        'guest-disk-driver': one('unknown'),
        'guest-root-filesystem-driver': one('unknown'),
        'guest-network-driver': one('unknown'),
      },
    ],
    [
      'another cloud',
      { more: { 'etc/cloud/cloud.cfg.d/90_dpkg.cfg': 'datasource_list: [ Ec2 ]\n' } },
      { 'guest-cloud-init-elsewhere': one('warn: Ec2') },
    ],
    [
      'crypttab',
      { more: { 'etc/crypttab': 'data UUID=1 none luks\n' } },
      { 'guest-crypttab': one('warn: /etc/crypttab opens data UUID=1') },
    ],
  ] as [string, Flaws, Record<string, unknown>][])('names %s, and nothing else', async (_, flaws, expected) => {
    expect(await complaints(flaws)).toEqual({ ...USUAL, ...expected });
  });

  it('judges by the target', async () => {
    const gpt = await complaints({}, 'tencent-cvm', { label: 'gpt' });
    expect(gpt['guest-partition-table']).toBe('block: the disk has gpt; the target takes mbr');
    const elsewhere = { more: { 'etc/cloud/cloud.cfg.d/90_dpkg.cfg': 'datasource_list: [ Ec2 ]\n' } };
    expect(Object.keys(await complaints(elsewhere, 'tencent-cvm'))).toEqual([
      'guest-cloud-init-datasource',
      'guest-cloud-init-elsewhere',
    ]);
    expect((await complaints({ console: 'quiet' }, 'generic-kvm'))['guest-serial-console']).toBeUndefined();
  });

  it('says of a network that it does not apply where the target has none, and what it would be elsewhere', async () => {
    const bound = { more: { 'etc/netplan/a.yaml': 'match: { macaddress: 00:50:56:aa:bb:cc }\n' } };
    const told = Object.fromEntries((await findings(bound, 'local')).map(({ code, ...found }) => [code, found]));
    const none = 'does not apply: the target has no network';
    expect(told).toMatchObject({
      'guest-network-driver': { verdict: 'pass', evidence: none },
      'guest-network-mac': {
        verdict: 'pass',
        evidence: 'does not apply, for the target has no network: 00:50:56:aa:bb:cc in /etc/netplan/a.yaml',
      },
      'guest-network-interface': { verdict: 'pass', evidence: none },
      'guest-network-static': { verdict: 'pass', evidence: none },
    });
    expect(await complaints(bound)).toMatchObject({ 'guest-network-mac': one('warn: 00:50:56:aa:bb:cc in') });
  });

  it('names a disk without boot code, one that is bare, one of data, and one that was cut', async () => {
    expect(await complaints({}, 'local', { grub: false })).toMatchObject({
      'guest-firmware': one('block: neither boot code'),
    });
    const bare = { label: 'none' as const, grub: false, parts: [{ type: '', size: 32, make, files: debianFiles() }] };
    expect(await complaints({}, 'local', bare)).toMatchObject({
      'guest-nature': one('block: a system lies on the bare disk'),
    });
    const data = { parts: [{ type: '83', size: 8, make, files: { file: 'x' } }] };
    expect(await complaints({}, 'local', data)).toMatchObject({
      'guest-nature': one('block: no operating system on partition 1 (data)'),
    });
    const cut = await makeDisk(folder, 'cut', { label: 'dos', parts: data.parts });
    await using disk = await fileBytes(cut);
    const report = await inspectGuest({ ...disk, size: 5 * 1024 * 1024 });
    const found = judgeGuest(report, TARGET_PROFILES.local, 'data');
    expect(found.filter(({ verdict }) => verdict === 'block').map(({ code }) => code)).toEqual([
      'guest-disk-cut',
      'guest-volume-cut',
    ]);
    expect(found.every(({ code }) => GUEST_CHECKS.find((check) => check.code === code)?.systemOnly === false)).toBe(
      true,
    );
  });
});

describe('the catalogue of checks', () => {
  it('has at least 25 rules, each with a code of its own', () => {
    const codes = GUEST_CHECKS.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.length).toBeGreaterThanOrEqual(25);
    for (const { code } of GUEST_CHECKS) expect(code).toMatch(/^guest-[a-z-]+$/);
  });
});

async function verdictsOnLvm(modules: readonly string[], more: Flaws['more'] = {}) {
  const flaws = { root: '/dev/mapper/vg0-root', modules, fstab: '/dev/vg0/root / ext4 defaults 0 1\n', more };
  const bare = { label: 'none' as const, parts: [{ type: '', size: 32, make, files: debianFiles(flaws) }] };
  const image = readFileSync(await makeDisk(folder, `bare-${made++}`, bare));
  const pv = physicalVolume({ size: 40 * MiB, group: 'vg0', volumes: { root: [{ first: 2, count: 32 }] } });
  pv.set(image, 3 * MiB);
  const found = await findings({}, 'local', { parts: [{ type: '8e', size: 40, content: pv } as DiskPart] });
  return Object.fromEntries(found.map(({ code, verdict: said }) => [code, said]));
}

describe.skipIf(!hasTool('mke2fs') || !hasTool('sfdisk'))('a root on LVM [needs mke2fs sfdisk]', () => {
  it('needs the mapper and the program of LVM in the initramfs', async () => {
    expect(await verdictsOnLvm(['virtio_pci', 'virtio_blk'])).toMatchObject({
      'guest-root-device': 'pass',
      'guest-lvm-driver': 'block',
    });
    const initramfs = cpio({
      'usr/sbin/lvm': '',
      ...Object.fromEntries(['virtio_pci', 'virtio_blk', 'dm-mod'].map((name) => [`lib/modules/${name}.ko.xz`, ''])),
    });
    const more = { [`boot/initrd.img-${KERNEL}`]: initramfs };
    expect(await verdictsOnLvm([], more)).toMatchObject({
      'guest-disk-driver': 'pass',
      'guest-lvm-driver': 'pass',
      'guest-fstab-missing': 'pass',
    });
  });
});
