import type { Accelerator } from './accelerator.ts';
import { QMP_SOCKET } from './qmp.ts';

export interface Machine {
  /** Of the instance and the launch: what the guest answers to `query-name`. */
  readonly name: string;
  readonly uuid: string;
  readonly cpus: number;
  readonly memory: number;
  readonly accelerator: Accelerator;
  /** Of the firmware's code, where it is not the BIOS; its memory is `vars.fd` in the guest's folder. */
  readonly uefiCode?: string | undefined;
  readonly disks: readonly Disk[];
}

export interface Disk {
  readonly volume: string;
  readonly slot: number;
  /** Relative to the guest's folder, in which QEMU runs; a device is given as the descriptor that QEMU inherits. */
  readonly path: string;
  readonly isDevice: boolean;
}

export const VARS = 'vars.fd';
export const SERIAL_LOG = 'serial.log';

/** Of the PCI bus: 0 to 2 are the bridge, the south bridge and the display. 4 + 20 still is below 32. */
const FIRST_PCI_SLOT = 4;
const MiB = 2 ** 20;

/**
 * The arguments of QEMU, one by one: no shell sees them. Paths and names are ours; what is not ours is a number. No
 * network: a guest that comes up twice must not be heard. `locking` keeps any other QEMU away from a disk.
 */
export function qemuArguments(machine: Machine): string[] {
  const { name, uuid, cpus, memory, accelerator, disks } = machine;
  return [
    ['-name', name, '-uuid', uuid, '-no-user-config', '-nodefaults'],
    ['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
    ['-machine', 'pc', '-accel', accelerator, '-cpu', accelerator === 'kvm' ? 'host' : 'max'],
    ['-smp', String(cpus), '-m', `${memory / MiB}M`, '-rtc', 'base=utc'],
    ['-display', 'none', '-vga', 'std', '-nic', 'none'],
    ['-chardev', `file,id=serial,path=${SERIAL_LOG}`, '-serial', 'chardev:serial'],
    ['-chardev', `socket,id=qmp,path=${QMP_SOCKET},server=on,wait=off`, '-mon', 'chardev=qmp,mode=control'],
    machine.uefiCode === undefined ? [] : uefi(machine.uefiCode),
    ...disks.map(disk),
  ].flat();
}

function uefi(code: string): string[] {
  const memory = blockdev('vars', { path: VARS, readOnly: false });
  return [...blockdev('code', { path: code, readOnly: true }), ...memory, '-machine', 'pflash0=code,pflash1=vars'];
}

/** The guest finds a disk as /dev/disk/by-id/virtio-ID, whatever its place. */
function disk({ volume, slot, path, isDevice }: Disk): string[] {
  const device = `virtio-blk-pci,drive=${volume},serial=${volume},addr=0x${(FIRST_PCI_SLOT + slot).toString(16)}`;
  const place = slot === 0 ? `${device},bootindex=0` : device;
  return [...blockdev(volume, { path, readOnly: false, isDevice }), '-device', place];
}

type Place = { readonly path: string; readonly readOnly: boolean; readonly isDevice?: boolean };

function blockdev(name: string, { path, readOnly, isDevice = false }: Place): string[] {
  const file = { driver: isDevice ? 'host_device' : 'file', filename: path, locking: 'on' };
  return ['-blockdev', JSON.stringify({ driver: 'raw', 'node-name': name, 'read-only': readOnly, file })];
}
