import { TARGET_PROFILES } from '@diskferry/engine/guest';
import { describe, expect, it } from 'vitest';
import { MiB } from '../../../../testing/local-cloud.ts';
import { TRAITS } from '../cloud.ts';
import { qemuArguments } from './qemu-arguments.ts';

const machine = {
  name: 'i-0000000000000001.launch',
  uuid: '2f5e7c1c-0000-4000-8000-000000000000',
  cpus: 2,
  memory: 512 * MiB,
  accelerator: 'tcg',
  disks: [
    { volume: 'v-1', slot: 0, path: '../../volumes/v-1.raw', isDevice: false },
    { volume: 'v-2', slot: 20, path: '../../volumes/v-2.raw', isDevice: false },
  ],
} as const;

/** What follows each `flag`. */
const after = (args: readonly string[], flag: string) => args.filter((_, index) => args[index - 1] === flag);

const diskFile = (id: string) => ({ filename: `../../volumes/${id}.raw`, driver: 'file', locking: 'on' });

describe('qemuArguments()', () => {
  const args = qemuArguments(machine);

  it('gives the disks as raw, locked, and at places of their own', () => {
    const disks = after(args, '-blockdev').map((text) => JSON.parse(text) as object);
    expect(disks).toEqual([
      { driver: 'raw', 'node-name': 'v-1', 'read-only': false, file: diskFile('v-1') },
      { driver: 'raw', 'node-name': 'v-2', 'read-only': false, file: diskFile('v-2') },
    ]);
    expect(after(args, '-device')).toEqual([
      'virtio-blk-pci,drive=v-1,serial=v-1,addr=0x4,bootindex=0',
      'virtio-blk-pci,drive=v-2,serial=v-2,addr=0x18',
    ]);
  });

  it('gives what the provider says of its instances, and the profile of that name', () => {
    expect(TRAITS).toEqual(TARGET_PROFILES.local);
    expect(after(args, '-device').every((device) => device.startsWith(`${TRAITS.bus}-pci,`))).toBe(true);
    expect([after(args, '-nic'), TRAITS.nic]).toEqual([['none'], undefined]);
    expect([after(args, '-serial'), TRAITS.serial]).toEqual([['chardev:serial'], true]);
  });

  it('gives a device as such, by the descriptor that was claimed', () => {
    const disks = [{ volume: 'v-3', slot: 1, path: '/proc/self/fd/3', isDevice: true }];
    expect(
      after(qemuArguments({ ...machine, disks }), '-blockdev').map((text) => JSON.parse(text) as object),
    ).toMatchObject([{ driver: 'raw', file: { driver: 'host_device', filename: '/proc/self/fd/3', locking: 'on' } }]);
  });

  it('gives no network, no display and nothing that is not asked for', () => {
    expect(after(args, '-nic')).toEqual(['none']);
    expect(after(args, '-display')).toEqual(['none']);
    expect(args).toEqual(expect.arrayContaining(['-nodefaults', '-no-user-config']));
    expect(after(args, '-m')).toEqual(['512M']);
  });

  it('gives the firmware for UEFI its own memory, and nothing of it with BIOS', () => {
    expect(args.join(' ')).not.toContain('pflash');
    const uefi = qemuArguments({ ...machine, uefiCode: '/usr/share/OVMF/OVMF_CODE_4M.fd' });
    expect(after(uefi, '-machine')).toContain('pflash0=code,pflash1=vars');
    expect(after(uefi, '-blockdev').map((text) => JSON.parse(text) as object)).toMatchObject([
      { 'node-name': 'code', 'read-only': true },
      { 'node-name': 'vars', 'read-only': false, file: { filename: 'vars.fd' } },
      {},
      {},
    ]);
  });
});
