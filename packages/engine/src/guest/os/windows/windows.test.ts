import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileBytes } from '../../../../testing/file-bytes.ts';
import { madeByMkfsFat, madeByWimapply } from '../../../../testing/filesystem-makers.ts';
import { fuzzGuest } from '../../../../testing/guest-fuzz.ts';
import { makeDisk, type DiskPlan, type Files } from '../../../../testing/guest-maker.ts';
import { hive } from '../../../../testing/hive-maker.ts';
import {
  bootDevice,
  bootStore,
  gptDevice,
  mbrDevice,
  softwareKeys,
  systemKeys,
  windowsFiles,
  type WindowsPlan,
} from '../../../../testing/windows-maker.ts';
import { seededBytes } from '../../../../testing/seeded.ts';
import { MemoryBytes } from '../../../../testing/memory-bytes.ts';
import { tempFolder } from '../../../../testing/temp.ts';
import { hasTool, run, toolPath } from '../../../../testing/tools.ts';
import type { Bytes } from '../../../base/bytes.ts';
import { judgeGuest } from '../../checks/catalogue.ts';
import { TARGET_PROFILES, type TargetTraits } from '../../checks/target.ts';
import type { GuestReport } from '../../report.ts';
import { MiB } from '../../../base/align.ts';
import { windowsVersion } from './version.ts';
import { inspectGuest } from '../../inspect-guest.ts';
import { keyBelow, openHive } from './hive.ts';

const folder = await tempFolder();

const software = softwareKeys();
const system = systemKeys;

async function valueIn(bytes: Uint8Array, path: string, name: string) {
  const { root } = await openHive(new MemoryBytes(bytes));
  return (await (await keyBelow(root, path))?.value(name))?.content;
}

async function readStart(disk: Bytes): Promise<void> {
  const { root } = await openHive(disk);
  await (await keyBelow(root, 'ControlSet001\\Services\\netkvm'))?.value('Start');
}

describe('openHive()', () => {
  it('finds texts and numbers by their path, whatever the case, and nothing where nothing is', async () => {
    const bytes = hive(software);
    expect(await valueIn(bytes, 'microsoft\\WINDOWS NT\\CurrentVersion', 'productname')).toBe(
      'Windows Server 2022 Datacenter',
    );
    expect(await valueIn(hive(system({ viostor: { Start: 0 } })), 'ControlSet001\\Services\\viostor', 'Start')).toBe(0);
    expect(await valueIn(bytes, 'Microsoft\\Gone\\Deeper', 'x')).toBeUndefined();
    expect(await valueIn(bytes, 'Microsoft', 'x')).toBeUndefined();
  });

  it.skipIf(!hasTool('hivexsh') || !hasTool('hivexget'))(
    'reads what hivexsh has written [needs hivexsh hivexget]',
    async () => {
      const path = join(folder, 'hive');
      writeFileSync(path, hive(software));
      const before = await run('hivexget', [path, '\\Microsoft\\Windows NT\\CurrentVersion', 'ProductName']);
      expect(before.trim()).toBe('Windows Server 2022 Datacenter');
      const names = Array.from({ length: 300 }, (_, index) => `add Key${index}\n`).join('');
      const script = `cd \\Microsoft\n${names}cd Key123\nsetval 2\nText\nstring:written by hivex\nNumber\ndword:7\ncommit\n`;
      execFileSync(toolPath('hivexsh') ?? 'hivexsh', ['-w', path], { input: script });
      const bytes = new Uint8Array(readFileSync(path));
      expect(await valueIn(bytes, 'Microsoft\\Key123', 'Text')).toBe('written by hivex');
      expect(await valueIn(bytes, 'Microsoft\\Key123', 'Number')).toBe(7);
      expect(await valueIn(bytes, 'Microsoft\\Windows NT\\CurrentVersion', 'CurrentBuildNumber')).toBe('20348');
    },
  );

  it('says that a file was not closed, and refuses what is none', async () => {
    const bytes = hive(software);
    bytes[4] = 9;
    expect((await openHive(new MemoryBytes(bytes))).torn).toBe(true);
    await expect(openHive(new MemoryBytes(new Uint8Array(8192)))).rejects.toThrow('no registry file');
  });

  it('gives an answer under mutation', async () => {
    const seeds = [hive(system({ netkvm: { Start: 3 }, viostor: { Start: 0, Group: 'SCSI' } }))];
    const report = await fuzzGuest('registry', seeds, readStart, { seed: 1, milliseconds: 1000 });
    expect(report.cases).toBeGreaterThan(50);
    expect(report.refused).toBeGreaterThan(0);
  });
});

let made = 0;

async function inspect(plan: WindowsPlan, disk: Partial<DiskPlan> = {}): Promise<GuestReport> {
  const part = { type: '7', size: 32, make: madeByWimapply([], 32), files: windowsFiles(plan) };
  await using image = await fileBytes(
    await makeDisk(folder, `windows-${made++}`, { label: 'dos', parts: [part], ...disk }),
  );
  return await inspectGuest(image);
}

const NETWORKED: TargetTraits = { ...TARGET_PROFILES.local, nic: 'virtio-net' };

function verdictsOf(report: GuestReport, target = NETWORKED): Record<string, string> {
  return Object.fromEntries(
    judgeGuest(report, target).map(({ code, verdict, evidence }) => [code, `${verdict}: ${evidence}`]),
  );
}

const VIRTIO = { viostor: { Start: 0 }, netkvm: { Start: 3 } };

describe.skipIf(!hasTool('sfdisk') || !hasTool('mkfs.ntfs') || !hasTool('wimapply'))(
  'a Windows disk [needs sfdisk mkfs.ntfs wimapply]',
  () => {
    it('is known by its registry: version, name, virtio drivers, what its boot manager starts', async () => {
      const more = {
        'Program Files/Cloudbase Solutions/Cloudbase-Init/conf': 'x',
        'pagefile.sys': seededBytes(1, 8 * MiB),
      };
      const report = await inspect({ services: VIRTIO, more });
      expect(report).toMatchObject({
        nature: { kind: 'system', because: 'Windows lies on partition 1' },
        system: {
          family: 'windows',
          distribution: {
            value: { id: 'windows', name: 'Windows Server 2022 Datacenter, build 20348', version: '20348' },
          },
          architecture: { value: 'x86_64', from: '/Windows/System32/ntoskrnl.exe' },
          hostname: { value: 'WIN-1' },
          cloudInit: { value: { installed: true } },
          windows: {
            drivers: { value: { viostor: 'boot', vioscsi: 'absent', netkvm: 'later' } },
            starts: {
              value: [
                {
                  firmware: 'bios',
                  store: 'partition 1',
                  title: 'Windows',
                  program: '\\Windows\\system32\\winload.exe',
                  isThere: true,
                  system: { value: 'partition 1' },
                },
              ],
            },
            hibernated: { value: false },
            sysprep: { value: 'IMAGE_STATE_COMPLETE' },
          },
        },
      });
      expect(verdictsOf(report)).toMatchObject({
        'guest-windows-disk-driver': 'pass: viostor starts at boot',
        'guest-windows-network-driver': 'pass: netkvm is installed',
        'guest-windows-boot-store':
          'pass: \\Windows\\system32\\winload.exe, as the BCD on partition 1 says, on partition 1',
        'guest-hibernated': 'pass: Windows was shut down',
        'guest-architecture': expect.stringContaining('pass'),
      });
      expect(verdictsOf(report)).not.toHaveProperty('guest-root-device');
      // What Windows swaps out is of no interest.
      expect(report.cost.bytes).toBeLessThan(4 * MiB);
    });

    it('is told when it lacks the driver of its disk, or sleeps', async () => {
      const asleep = verdictsOf(
        await inspect({ services: { stornvme: { Start: 0 } }, more: { 'hiberfil.sys': 'HIBR and more' } }),
      );
      expect(asleep).toMatchObject({
        'guest-windows-disk-driver': 'block: viostor is not installed',
        'guest-windows-network-driver': 'warn: netkvm is not installed',
        'guest-hibernated': 'block: Windows is hibernated or was shut down with Fast Startup',
      });
    });

    it('is told when its drivers are registered and their files are missing, or start too late', async () => {
      const services = {
        viostor: { Start: 0, ImagePath: '\\SystemRoot\\System32\\drivers\\gone.sys' },
        vioscsi: { Start: 3, ImagePath: 'System32\\drivers\\vioscsi.sys' },
        netkvm: { Start: 4 },
      };
      const report = await inspect({ services });
      const found = verdictsOf(report);
      expect(found['guest-windows-disk-driver']).toBe('block: viostor is registered, but its file is missing');
      expect(found['guest-windows-network-driver']).toBe('warn: netkvm is disabled');
      const scsi = verdictsOf(report, { ...NETWORKED, bus: 'virtio-scsi' });
      expect(scsi['guest-windows-disk-driver']).toBe('block: vioscsi is set to start later');
    });

    it.each<[string, Files, RegExp]>([
      [
        'of another disk',
        { 'Boot/BCD': bootStore(mbrDevice({ disk: 7, offset: 2 ** 20 })) },
        /^block: .* on another disk/,
      ],
      [
        'of another place',
        { 'Boot/BCD': bootStore(mbrDevice({ disk: 0xd15c_fe11, offset: 512 })) },
        /^block: .* another disk/,
      ],
      ['on the volume of the store', { 'Boot/BCD': bootStore(bootDevice()) }, /^pass: /],
      [
        'without its program',
        { 'Boot/BCD': bootStore(mbrDevice(), '\\Windows\\gone.exe') },
        /^block: .*gone.exe.* is not there/,
      ],
      [
        'of the other firmware',
        {
          'Boot/BCD': bootStore(bootDevice(), '\\Windows\\System32\\winload.exe'),
          'EFI/Microsoft/Boot/BCD': 'no hive',
        },
        /^pass: /,
      ],
      [
        'that is no registry',
        { 'Boot/BCD': 'not a hive at all' },
        /^unknown: cannot tell, because \/Boot\/BCD on partition 1: /,
      ],
      ['without a default', { 'Boot/BCD': hive({ Objects: {} }) }, /^unknown: .*names no entry/],
      [
        'with a device in a file',
        { 'Boot/BCD': bootStore(new Uint8Array(88).fill(8, 16, 17)) },
        /^unknown: .*a device of kind 8/,
      ],
    ])('has a boot store %s', async (_, more, expected) => {
      expect(verdictsOf(await inspect({ services: VIRTIO, more }))['guest-windows-boot-store']).toMatch(expected);
    });

    it('needs a boot store, for the firmware that the target has', async () => {
      const { 'Boot/BCD': _store, ...files } = windowsFiles({ services: VIRTIO });
      const part = { type: '7', size: 32, make: madeByWimapply([], 32), files };
      const report = await inspect({}, { parts: [part] });
      expect(verdictsOf(report)['guest-windows-boot-store']).toBe('block: no BCD was found on any volume');
      const uefi = verdictsOf(await inspect({ services: VIRTIO }), { ...NETWORKED, firmware: ['uefi'] });
      expect(uefi['guest-windows-boot-store']).toBe('block: a BCD for bios; the target has uefi');
    });

    it('is found from an ESP by the GUID of its partition', async () => {
      const guid = '0fc63daf-8483-4772-8e79-3d69d8477de4';
      const store = bootStore(gptDevice(guid), '\\Windows\\system32\\winload.efi');
      const esp = {
        type: 'U',
        size: 36,
        make: madeByMkfsFat(['-F', '32', '-s', '1'], 36),
        files: { 'EFI/Microsoft/Boot/BCD': store, 'EFI/Microsoft/Boot/bootmgfw.efi': 'MZ' },
      };
      const { 'Boot/BCD': _store, ...files } = windowsFiles({
        services: VIRTIO,
        more: { 'Windows/System32/winload.efi': 'MZ' },
      });
      const windows = {
        type: `EBD0A0A2-B9E5-4433-87C0-68B6B72699C7, uuid=${guid}`,
        size: 32,
        make: madeByWimapply([], 32),
        files,
      };
      const found = verdictsOf(await inspect({}, { label: 'gpt', parts: [esp, windows] }));
      expect(found['guest-windows-boot-store']).toBe(
        'pass: \\Windows\\system32\\winload.efi, as the BCD on partition 1 says, on partition 2',
      );
      expect(
        verdictsOf(
          await inspect({}, { label: 'gpt', parts: [esp, { ...windows, type: windows.type.replace('0fc6', '1fc6') }] }),
        )['guest-windows-boot-store'],
      ).toMatch(/^block: .*on another disk/);
    });
  },
);

describe('windowsVersion()', () => {
  it.each([
    [
      'Windows Server 2008 R2 Standard',
      '7601',
      'Server',
      undefined,
      undefined,
      'Windows Server 2008 R2 Standard, build 7601',
    ],
    [
      'Windows Server 2012 R2 Datacenter',
      '9600',
      'Server Core',
      undefined,
      undefined,
      'Windows Server 2012 R2 Datacenter, build 9600',
    ],
    [
      'Windows Server 2019 Standard',
      '17763',
      'Server',
      undefined,
      107,
      'Windows Server 2019 Standard, build 17763.107',
    ],
    [
      'Windows Server 2025 Datacenter',
      '26100',
      'Server',
      '24H2',
      1742,
      'Windows Server 2025 Datacenter (24H2), build 26100.1742',
    ],
    ['Windows 10 Pro', '19045', 'Client', '22H2', 3803, 'Windows 10 Pro (22H2), build 19045.3803'],
    ['Windows 10 Pro', '22631', 'Client', '23H2', undefined, 'Windows 11 Pro (23H2), build 22631'],
    [undefined, '26100', 'Server', undefined, undefined, 'Windows Server 2025, build 26100'],
    [undefined, '20348', 'Server Core', undefined, undefined, 'Windows Server 2022, build 20348'],
  ])('%s of build %s (%s) is known by its name', (product, build, kind, release, revision, expected) => {
    expect(windowsVersion({ product, build, kind, release, revision }, 'SOFTWARE')).toEqual({
      value: expected,
      from: 'SOFTWARE',
    });
  });

  it('does not guess', () => {
    const nothing = { product: undefined, build: '99', kind: undefined, release: undefined, revision: undefined };
    expect(windowsVersion(nothing, 'SOFTWARE')).toMatchObject({ unknown: expect.stringContaining('ProductName') });
    expect(windowsVersion({ ...nothing, kind: 'Server' }, 'SOFTWARE')).toHaveProperty('unknown');
  });
});
