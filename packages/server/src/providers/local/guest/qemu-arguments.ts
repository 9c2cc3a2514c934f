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
  /**
   * Only to see whether it comes up: what it says goes to the standard output, also what its BIOS shows on the screen; it
   * ends where it would start again.
   */
  readonly onTrial?: boolean;
}

export interface Disk {
  readonly volume: string;
  readonly slot: number;
  /** Relative to the guest's folder, in which QEMU runs; a device is given as the descriptor that QEMU inherits. */
  readonly path: string;
  readonly isDevice: boolean;
  /** A file that takes what the guest writes: the disk itself is only read. */
  readonly overlay?: string;
}

export const VARS = 'vars.fd';
export const SERIAL_LOG = 'serial.log';
/** The port to which SeaBIOS writes what it shows: 0x3f8, COM1. */
export const MIRROR = 'mirror';
export const MIRROR_PORT = Uint8Array.of(0xf8, 0x03);

/** Of the PCI bus: 0 to 2 are the bridge, the south bridge and the display. 4 + 20 still is below 32. */
const FIRST_PCI_SLOT = 4;
const MiB = 2 ** 20;

/**
 * The arguments of QEMU, one by one: no shell sees them. Paths and names are ours; what is not ours is a number. No
 * network: a guest that comes up twice must not be heard. `locking` keeps any other QEMU away from a disk.
 */
export function qemuArguments(machine: Machine): string[] {
  const { name, uuid, cpus, memory, accelerator, disks, onTrial = false } = machine;
  return [
    ['-name', name, '-uuid', uuid, '-no-user-config', '-nodefaults'],
    ['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
    ['-machine', 'pc', '-accel', accelerator, '-cpu', accelerator === 'kvm' ? 'host' : 'max'],
    ['-smp', String(cpus), '-m', `${memory / MiB}M`, '-rtc', 'base=utc'],
    ['-display', 'none', '-vga', 'std', '-nic', 'none'],
    ['-chardev', onTrial ? 'stdio,id=serial,signal=off' : `file,id=serial,path=${SERIAL_LOG}`],
    ['-serial', 'chardev:serial', ...(onTrial ? trial(machine) : [])],
    ['-chardev', `socket,id=qmp,path=${QMP_SOCKET},server=on,wait=off`, '-mon', 'chardev=qmp,mode=control'],
    machine.uefiCode === undefined ? [] : uefi(machine.uefiCode),
    ...disks.map(disk),
  ].flat();
}

function trial({ uefiCode }: Machine): string[] {
  return ['-no-reboot', ...(uefiCode === undefined ? ['-fw_cfg', `name=etc/sercon-port,file=${MIRROR}`] : [])];
}

function uefi(code: string): string[] {
  const memory = blockdev('vars', { path: VARS, readOnly: false });
  return [...blockdev('code', { path: code, readOnly: true }), ...memory, '-machine', 'pflash0=code,pflash1=vars'];
}

/** The guest finds a disk as /dev/disk/by-id/virtio-ID, whatever its place. */
function disk({ volume, slot, path, isDevice, overlay }: Disk): string[] {
  const drive = overlay === undefined ? volume : `${volume}-overlay`;
  const device = `virtio-blk-pci,drive=${drive},serial=${volume},addr=0x${(FIRST_PCI_SLOT + slot).toString(16)}`;
  const place = slot === 0 ? `${device},bootindex=0` : device;
  const below = blockdev(volume, { path, readOnly: overlay !== undefined, isDevice });
  return [...below, ...(overlay === undefined ? [] : above(drive, { overlay, below: volume })), '-device', place];
}

/** Nothing of it has to last. */
function above(name: string, { overlay, below }: { overlay: string; below: string }): string[] {
  const cache = { 'no-flush': true };
  const file = { driver: 'file', filename: overlay, locking: 'on', cache };
  return ['-blockdev', JSON.stringify({ driver: 'qcow2', 'node-name': name, backing: below, cache, file })];
}

type Place = { readonly path: string; readonly readOnly: boolean; readonly isDevice?: boolean };

function blockdev(name: string, { path, readOnly, isDevice = false }: Place): string[] {
  const file = { driver: isDevice ? 'host_device' : 'file', filename: path, locking: 'on' };
  return ['-blockdev', JSON.stringify({ driver: 'raw', 'node-name': name, 'read-only': readOnly, file })];
}
