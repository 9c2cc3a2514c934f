import type { GuestReport } from '@diskferry/engine/guest';
import { expect, it } from 'vitest';
import { guestLines } from './guest-text.ts';

const GONE = { unknown: 'not read' };
const system: NonNullable<GuestReport['system']> = {
  family: 'linux',
  root: 'md/0',
  subvolume: '@',
  distribution: { value: { id: 'opensuse', name: 'openSUSE Leap', version: '15.6' }, from: '/etc/os-release' },
  architecture: { value: 'x86_64', from: '/bin/sh' },
  hostname: GONE,
  kernels: GONE,
  started: GONE,
  drivers: GONE,
  fstab: GONE,
  crypttab: GONE,
  network: GONE,
  cloudInit: GONE,
  conflicts: GONE,
  windows: null,
};
const guest: GuestReport = {
  diskSize: 1024,
  table: { kind: 'mbr', sectorSize: 512, id: null },
  volumes: [
    { place: 'vg0/root', size: 512, partition: null, content: null, layers: ['lvm'], unread: 'a thin volume: …' },
  ],
  nature: { kind: 'system', because: 'it is one' },
  system,
  boot: {
    bios: { code: null, complete: GONE },
    uefi: GONE,
    loader: null,
    config: null,
    entries: [],
    chosen: GONE,
  },
  warnings: [],
  cost: { bytes: 1, requests: 1, milliseconds: 1 },
};

function linesOf(changes: Partial<typeof system>): Record<string, string> {
  const view = { targetProfile: 'local' as const, guest: { ...guest, system: { ...system, ...changes } }, checks: [] };
  return Object.fromEntries(guestLines(view));
}

it('guestLines() says in which subvolume a system lies, and why a volume is not read', () => {
  expect(linesOf({})).toMatchObject({
    system: 'openSUSE Leap, x86_64, on md/0, subvolume @',
    'vg0/root': expect.stringMatching(/^nothing known, .* \(a thin volume: …\)$/),
    kernel: 'unknown (not read)',
  });
});

it('guestLines() says of a Windows which drivers it has and what its boot stores start', () => {
  const start = {
    firmware: 'bios' as const,
    store: 'partition 1',
    title: 'Windows',
    program: '\\Windows\\system32\\winload.exe',
    isThere: true,
    system: { value: 'partition 2', from: 'BCD' },
  };
  const windows = {
    version: GONE,
    drivers: { value: { viostor: 'boot', vioscsi: 'absent', netkvm: 'no-file' } as const, from: 'SYSTEM' },
    starts: { value: [start], from: 'BCD' },
    hibernated: GONE,
    sysprep: GONE,
  };
  expect(linesOf({ family: 'windows', subvolume: null, windows })).toMatchObject({
    system: 'openSUSE Leap, x86_64, on md/0',
    drivers: 'viostor (boot), netkvm (no-file)',
    'boot store': 'bios: \\Windows\\system32\\winload.exe, by the BCD on partition 1, Windows on partition 2',
  });
  const none = { ...windows, drivers: GONE, starts: { value: [], from: 'BCD' } };
  expect(linesOf({ family: 'windows', windows: none })).toMatchObject({
    drivers: 'unknown (not read)',
    'boot store': 'none was found',
  });
});
