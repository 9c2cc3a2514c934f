/** The contract of partition tables: what a disk says about its parts. Nothing here has looked into a part. */
export type TableKind = 'mbr' | 'gpt' | 'hybrid' | 'none';

/** What a part is for, by the type in its table. */
export type Use =
  | 'linux'
  | 'linux-root'
  | 'linux-home'
  | 'linux-boot'
  | 'swap'
  | 'lvm'
  | 'raid'
  | 'luks'
  | 'esp'
  | 'bios-boot'
  | 'fat'
  | 'windows'
  | 'windows-reserved'
  | 'windows-recovery'
  | 'windows-dynamic'
  | 'bsd'
  | 'apple'
  | 'solaris'
  | 'other';

export interface Partition {
  /** As the system counts: 1 to 4 primary, from 5 logical; the place in a GPT. */
  readonly number: number;
  /** Bytes. Both lie on the disk: what leaves it is cut, and `missing` says so. */
  readonly offset: number;
  readonly length: number;
  /** Bytes that the table promises behind the end of the disk. */
  readonly missing: number;
  /** `83`, or a GUID in lower case. */
  readonly type: string;
  readonly use: Use;
  readonly name?: string;
  /** PARTUUID, as Linux writes it. */
  readonly id: string;
  /** The active flag of an MBR, the legacy BIOS flag of a GPT. */
  readonly active: boolean;
}

export interface PartitionTable {
  readonly kind: TableKind;
  /** In which the table counts. */
  readonly sectorSize: number;
  /** Signature of an MBR (8 hex digits) or GUID of a GPT. */
  readonly id?: string;
  readonly partitions: readonly Partition[];
  /** Sentences about what is wrong or unusual. */
  readonly warnings: readonly string[];
}

export const PARTITION_LIMIT = 256;
