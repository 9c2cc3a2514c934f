import type { Files } from './guest-maker.ts';
import { hive, type Keys } from './hive-maker.ts';

/** What the tests know of a Windows: enough files of one to be known, and whatever is asked for in its registry. */
export interface WindowsPlan {
  readonly services?: Keys;
  readonly version?: Keys;
  readonly more?: Files;
}

const OBJECT = '{11111111-2222-3333-4444-555555555555}';
const BOOT_MANAGER = '{9dea862c-5cdd-4e70-acc1-f32b344d4795}';

/** The identifier of the disks that `makeDisk` makes with an MBR, and where their first partition lies. */
const MADE = { disk: 0xd15c_fe11, offset: 2 ** 20 };

/** An element that names a partition of a disk with an MBR. */
export function mbrDevice({ disk, offset } = MADE): Uint8Array {
  const element = deviceOf(6, 88);
  element.writeBigUInt64LE(BigInt(offset), 32);
  element.writeUInt32LE(1, 52);
  element.writeUInt32LE(disk, 56);
  return new Uint8Array(element);
}

/** One that names a partition of a disk with a GPT, by its GUID as it is shown. */
export function gptDevice(guid: string): Uint8Array {
  const element = deviceOf(6, 88);
  const [a = '', b = '', c = '', d = '', e = ''] = guid.split('-');
  element.writeUInt32LE(Number.parseInt(a, 16), 32);
  element.writeUInt16LE(Number.parseInt(b, 16), 36);
  element.writeUInt16LE(Number.parseInt(c, 16), 38);
  element.write(d + e, 40, 'hex');
  return new Uint8Array(element);
}

/** The volume that the store itself lies on. */
export function bootDevice(): Uint8Array {
  return new Uint8Array(deviceOf(5, 88));
}

function deviceOf(kind: number, length: number): Buffer {
  const element = Buffer.alloc(length);
  element.writeUInt32LE(kind, 16);
  element.writeUInt32LE(length - 16, 24);
  return element;
}

function elements(found: Record<string, string | Uint8Array>): Keys {
  return Object.fromEntries(Object.entries(found).map(([type, Element]) => [type, { Element }]));
}

export function bootStore(device: Uint8Array, program = '\\Windows\\system32\\winload.exe'): Uint8Array {
  return hive({
    Objects: {
      [BOOT_MANAGER]: { Elements: elements({ '23000003': OBJECT }) },
      [OBJECT]: {
        Elements: elements({ '11000001': device, '12000002': program, '12000004': 'Windows', '21000001': device }),
      },
    },
  });
}

export function windowsFiles({ services = {}, version, more = {} }: WindowsPlan = {}): Files {
  const drivers = Object.keys(services).map((name) => [`Windows/System32/drivers/${name}.sys`, 'a driver'] as const);
  return {
    'Windows/System32/config/SYSTEM': hive(systemKeys(services)),
    'Windows/System32/config/SOFTWARE': hive(softwareKeys(version)),
    'Windows/System32/ntoskrnl.exe': kernel(),
    'Windows/System32/winload.exe': 'MZ',
    'Boot/BCD': bootStore(mbrDevice()),
    ...Object.fromEntries(drivers),
    ...more,
  };
}

export function systemKeys(services: Keys): Keys {
  const set = { Control: { ComputerName: { ComputerName: { ComputerName: 'WIN-1' } } }, Services: services };
  return { Select: { Current: 1 }, ControlSet001: set };
}

export const SERVER_2022 = { ProductName: 'Windows Server 2022 Datacenter', CurrentBuildNumber: '20348' };

export function softwareKeys(version: Keys = SERVER_2022): Keys {
  return {
    Microsoft: {
      'Windows NT': { CurrentVersion: version },
      Windows: { CurrentVersion: { Setup: { State: { ImageState: 'IMAGE_STATE_COMPLETE' } } } },
    },
  };
}

function kernel(): Uint8Array {
  const program = Buffer.alloc(256);
  program.write('MZ');
  program.writeUInt32LE(128, 60);
  program.write('PE\0\0', 128, 'latin1');
  program.writeUInt16LE(0x8664, 132);
  return new Uint8Array(program);
}
