import { readBytes, type Bytes } from '../../../base/bytes.ts';

/** What a part of a disk holds, told by its first (or last) bytes. */
export type ContentKind =
  | 'ext2'
  | 'ext3'
  | 'ext4'
  | 'xfs'
  | 'btrfs'
  | 'ntfs'
  | 'fat12'
  | 'fat16'
  | 'fat32'
  | 'exfat'
  | 'iso9660'
  | 'swap'
  | 'lvm'
  | 'md'
  | 'luks'
  | 'bitlocker';

/**
 * `needs-recovery`: its journal holds what was not written to its place; `dirty`: it was not unmounted; `errors`: the
 * system found faults; `hibernated`: it belongs to a sleeping system; `incomplete`: other disks belong to it.
 */
export type ContentState = 'needs-recovery' | 'dirty' | 'errors' | 'hibernated' | 'incomplete';

export interface Content {
  readonly kind: ContentKind;
  readonly label?: string;
  readonly uuid?: string;
  /** Bytes of the filesystem as it tells itself. */
  readonly size?: number;
  /** Bytes in use, where the superblock tells. */
  readonly used?: number;
  readonly states: readonly ContentState[];
  /** A sentence more, for people. */
  readonly detail?: string;
}

/** Looks for one kind of content. Only the marks are believed; whether it can be read is another question. */
export type Recogniser = (part: Bytes) => Promise<Content | undefined>;

/** A few bytes, or undefined where the part is too short. */
export async function peek(part: Bytes, offset: number, length: number): Promise<Uint8Array | undefined> {
  if (offset < 0 || offset + length > part.size) return undefined;
  return await readBytes(part, { offset, length });
}

export function hasText(bytes: Uint8Array, at: number, text: string): boolean {
  return Buffer.from(bytes.subarray(at, at + text.length)).toString('latin1') === text;
}

/** A 64-bit count as a number; one that no disk reaches is nobody's size. */
export function countOf(word: bigint): number | undefined {
  return word <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(word) : undefined;
}

/** Leaves out what is empty or unknown, as `exactOptionalPropertyTypes` would demand it. */
export function content(
  kind: ContentKind,
  facts: { [Key in 'label' | 'uuid' | 'detail']?: string | undefined } & {
    [Key in 'size' | 'used']?: number | undefined;
  } & { readonly states?: readonly ContentState[] },
): Content {
  const { states = [], ...rest } = facts;
  const known = Object.entries(rest).filter(
    ([, value]) => value !== undefined && value !== '' && (typeof value !== 'number' || Number.isSafeInteger(value)),
  );
  return { kind, ...Object.fromEntries(known), states };
}
