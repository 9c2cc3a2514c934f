import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileBytes } from '../../../../testing/file-bytes.ts';
import { madeByWimapply } from '../../../../testing/filesystem-makers.ts';
import { fuzzGuest } from '../../../../testing/guest-fuzz.ts';
import { makeDisk, type Files } from '../../../../testing/guest-maker.ts';
import { hive, type Keys } from '../../../../testing/hive-maker.ts';
import { MemoryBytes } from '../../../../testing/memory-bytes.ts';
import { tempFolder } from '../../../../testing/temp.ts';
import { hasTool, run, toolPath } from '../../../../testing/tools.ts';
import type { Bytes } from '../../../base/bytes.ts';
import { judgeGuest } from '../../checks/catalogue.ts';
import { TARGET_PROFILES } from '../../checks/target.ts';
import { inspectGuest } from '../../inspect-guest.ts';
import { keyBelow, openHive } from './hive.ts';

const folder = await tempFolder();

const software: Keys = {
  Microsoft: {
    'Windows NT': { CurrentVersion: { ProductName: 'Windows Server 2022 Datacenter', CurrentBuildNumber: '20348' } },
    Windows: { CurrentVersion: { Setup: { State: { ImageState: 'IMAGE_STATE_COMPLETE' } } } },
  },
};

function system(services: Keys): Keys {
  const set = { Control: { ComputerName: { ComputerName: { ComputerName: 'WIN-1' } } }, Services: services };
  return { Select: { Current: 1 }, ControlSet001: set };
}

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

async function inspect(name: string, files: Files) {
  const part = { type: '7', size: 32, make: madeByWimapply([], 32), files };
  await using disk = await fileBytes(await makeDisk(folder, name, { label: 'dos', parts: [part] }));
  return await inspectGuest(disk);
}

const kernel = Buffer.alloc(256);
kernel.write('MZ');
kernel.writeUInt32LE(128, 60);
kernel.write('PE\0\0', 128, 'latin1');
kernel.writeUInt16LE(0x8664, 132);

function windowsFiles(services: Keys, more: Files = {}): Files {
  return {
    'Windows/System32/config/SYSTEM': hive(system(services)),
    'Windows/System32/config/SOFTWARE': hive(software),
    'Windows/System32/ntoskrnl.exe': kernel,
    ...more,
  };
}

describe.skipIf(!hasTool('sfdisk') || !hasTool('mkfs.ntfs') || !hasTool('wimapply'))(
  'a Windows disk [needs sfdisk mkfs.ntfs wimapply]',
  () => {
    it('is known by its registry: version, name, virtio drivers', async () => {
      const report = await inspect(
        'good',
        windowsFiles(
          { viostor: { Start: 0 }, netkvm: { Start: 3 } },
          { 'Program Files/Cloudbase Solutions/Cloudbase-Init/conf': 'x' },
        ),
      );
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
            hibernated: { value: false },
            sysprep: { value: 'IMAGE_STATE_COMPLETE' },
          },
        },
      });
      const verdicts = Object.fromEntries(
        judgeGuest(report, TARGET_PROFILES.local).map(({ code, verdict }) => [code, verdict]),
      );
      expect(verdicts).toMatchObject({
        'guest-windows-disk-driver': 'pass',
        'guest-windows-network-driver': 'pass',
        'guest-hibernated': 'pass',
        'guest-architecture': 'pass',
      });
      expect(verdicts).not.toHaveProperty('guest-root-device');
    });

    it('is told when it lacks the driver of its disk, or sleeps', async () => {
      const report = await inspect(
        'asleep',
        windowsFiles({ stornvme: { Start: 0 } }, { 'hiberfil.sys': 'HIBR and more' }),
      );
      const found = judgeGuest(report, TARGET_PROFILES.local)
        .filter(({ verdict }) => verdict === 'block')
        .map(({ code, evidence }) => `${code}: ${evidence}`);
      expect(found).toContain('guest-windows-disk-driver: viostor is not installed');
      expect(found).toContain('guest-hibernated: Windows is hibernated or was shut down with Fast Startup');
    });
  },
);
