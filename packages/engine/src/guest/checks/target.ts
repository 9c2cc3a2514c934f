/** What a target offers to the system that starts on it. */
export interface TargetTraits {
  /** The bus of the disk. */
  readonly bus: 'virtio-blk' | 'virtio-scsi' | 'ide';
  readonly firmware: readonly ('bios' | 'uefi')[];
  /** Undefined: it has no network, so that nothing about one applies. */
  readonly nic: 'virtio-net' | undefined;
  /** What the first network interface is called without rules of its own; undefined: it depends on the system. */
  readonly interfaceName: string | undefined;
  readonly tables: readonly ('mbr' | 'gpt')[];
  /** Where cloud-init finds its data there; undefined: the target has none to give. */
  readonly datasources: readonly string[] | undefined;
  /** Whether the target can only set up a system that has cloud-init. */
  readonly needsCloudInit: boolean;
  /** Whether somebody reads the serial line. */
  readonly serial: boolean;
  readonly architectures: readonly string[];
}

const KVM: TargetTraits = {
  bus: 'virtio-blk',
  firmware: ['bios', 'uefi'],
  nic: 'virtio-net',
  interfaceName: undefined,
  tables: ['mbr', 'gpt'],
  datasources: undefined,
  needsCloudInit: false,
  serial: false,
  architectures: ['x86_64', 'i386'],
};

/** Targets that are known by name. */
export const TARGET_PROFILES = {
  'tencent-cvm': {
    ...KVM,
    firmware: ['bios'],
    interfaceName: 'eth0',
    tables: ['mbr'],
    datasources: ['ConfigDrive'],
    needsCloudInit: true,
    architectures: ['x86_64', 'i386', 'aarch64'],
  },
  local: { ...KVM, nic: undefined, serial: true },
  'generic-kvm': KVM,
} as const satisfies Readonly<Record<string, TargetTraits>>;

export type TargetProfile = keyof typeof TARGET_PROFILES;

export function isTargetProfile(name: string): name is TargetProfile {
  return Object.hasOwn(TARGET_PROFILES, name);
}
