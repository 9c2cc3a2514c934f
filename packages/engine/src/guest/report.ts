import type { Content } from './filesystem/signature/content.ts';
import type { Partition, TableKind } from './partition/partition.ts';

/**
 * What was found on the disk inside an image. Plain data, all of it out of the image: nothing here is believed, and every
 * text is fit to be shown. What could not be told is `unknown` with the reason, and never a guess.
 */
export type Fact<Value> = { readonly value: Value; readonly from: string } | { readonly unknown: string };

export interface GuestReport {
  /** Null where only the end of a packed image tells. */
  readonly diskSize: number | null;
  readonly table: {
    readonly kind: TableKind | 'unknown';
    readonly sectorSize: number;
    readonly id: string | null;
  };
  /** The whole disk where it has no table; its partitions; the logical volumes on them. */
  readonly volumes: readonly VolumeFacts[];
  readonly nature: { readonly kind: Nature; readonly because: string };
  readonly system: SystemFacts | null;
  readonly boot: BootFacts;
  /** Sentences about what is wrong or unusual on the disk, and about what could not be looked at. */
  readonly warnings: readonly string[];
  readonly cost: { readonly bytes: number; readonly requests: number; readonly milliseconds: number };
}

/** What kind of disk it is. `partition`: a single filesystem of a system, without a table around it. */
export type Nature = 'system' | 'data' | 'installer' | 'partition' | 'encrypted' | 'blank' | 'unknown';

export interface VolumeFacts {
  /** `disk`, `partition 1`, `vg0/root`, `md/0`. */
  readonly place: string;
  readonly size: number;
  readonly partition: Partition | null;
  readonly content: Content | null;
  /** Between it and the partitions: a volume group, a RAID. The lowest first. */
  readonly layers: readonly ('lvm' | 'md')[];
  /** Why its files could not be looked at. */
  readonly unread: string | null;
}

export interface SystemFacts {
  readonly family: 'linux' | 'windows';
  /** The volume that it lies on. */
  readonly root: string;
  /** Of Btrfs, as `subvol=` names it; null where the system lies in what the volume shows by itself. */
  readonly subvolume: string | null;
  /** `ID` of os-release, or `windows`. */
  readonly distribution: Fact<{ readonly id: string; readonly name: string; readonly version: string }>;
  readonly architecture: Fact<string>;
  readonly hostname: Fact<string>;
  readonly kernels: Fact<readonly Kernel[]>;
  readonly started: Fact<StartedKernel>;
  readonly drivers: Fact<Drivers>;
  readonly fstab: Fact<readonly MountLine[]>;
  readonly crypttab: Fact<readonly string[]>;
  readonly network: Fact<readonly NetworkFile[]>;
  readonly cloudInit: Fact<CloudInit>;
  readonly conflicts: Fact<readonly { readonly name: string; readonly at: string }[]>;
  readonly windows: WindowsFacts | null;
}

export interface Kernel {
  readonly version: string;
  readonly image: string;
  readonly initramfs: string | null;
}

/** The kernel that starts by itself. */
export interface StartedKernel extends Kernel {
  /** What the boot loader is told to load, and is not there. */
  readonly missing: readonly string[];
}

/** Where a driver of the kernel that starts is: in the kernel, in its initramfs, only on the root, or nowhere. */
export type DriverPlace = 'built-in' | 'initramfs' | 'module' | 'absent';

export interface Drivers {
  readonly kernel: string;
  readonly places: Readonly<Record<string, DriverPlace>>;
}

export interface MountLine {
  readonly device: string;
  readonly path: string;
  readonly type: string;
  readonly options: string;
  /** `here`: on this disk; `missing`: another disk has it; `by-name`: which one it is depends on the machine. */
  readonly found: 'here' | 'missing' | 'by-name' | 'virtual';
  /** A system waits for it and does not come up without it. */
  readonly needed: boolean;
}

export interface NetworkFile {
  readonly file: string;
  readonly macs: readonly string[];
  readonly interfaces: readonly string[];
  readonly addressing: 'dhcp' | 'static' | 'unknown';
}

export interface CloudInit {
  readonly installed: boolean;
  readonly disabled: boolean;
  /** Null: the system tries all that it knows. */
  readonly datasources: readonly string[] | null;
}

export interface WindowsFacts {
  readonly version: Fact<string>;
  /** `viostor`, `vioscsi`, `netkvm` …: how each starts. */
  readonly drivers: Fact<Readonly<Record<string, WindowsDriver>>>;
  /** What the boot managers on this disk start by themselves, one for each store (BCD). */
  readonly starts: Fact<readonly WindowsStart[]>;
  readonly hibernated: Fact<boolean>;
  readonly sysprep: Fact<string>;
}

/** `no-file`: its service is registered, and its program is not there. */
export type WindowsDriver = 'boot' | 'later' | 'disabled' | 'absent' | 'no-file';

export interface WindowsStart {
  /** Whose boot manager reads the store. */
  readonly firmware: 'bios' | 'uefi';
  /** The volume that the store lies on. */
  readonly store: string;
  readonly title: string;
  /** `\\Windows\\system32\\winload.exe`; null where the store does not say. */
  readonly program: string | null;
  /** Null where nobody can tell. */
  readonly isThere: boolean | null;
  /** The volume that Windows lies on as the store says, or `another disk`. */
  readonly system: Fact<string>;
}

export interface BootFacts {
  /** `complete`: what the code loads next is there; without code it is not. */
  readonly bios: { readonly code: string | null; readonly complete: Fact<boolean> };
  readonly uefi: Fact<{ readonly loaders: readonly string[]; readonly fallback: boolean }>;
  readonly loader: string | null;
  readonly config: string | null;
  readonly entries: readonly BootEntry[];
  /** Which of the entries starts by itself. */
  readonly chosen: Fact<number>;
}

export interface BootEntry {
  readonly title: string;
  readonly kernel: string;
  readonly initrds: readonly string[];
  readonly arguments: string;
  /** What stands behind `root=`. */
  readonly root: string | null;
}

export function valueOf<Value>(fact: Fact<Value>): Value | undefined {
  return 'value' in fact ? fact.value : undefined;
}
