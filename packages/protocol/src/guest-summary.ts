/**
 * What is inside an image, as far as a person wants to see it at a glance. All of it was written by whoever made the image:
 * fit to be shown, and never believed.
 */
export interface GuestSummary {
  readonly nature: GuestNature;
  /** Why it is taken for that. */
  readonly because: string;
  /** Null where there is no system, or it could not be looked at. */
  readonly system: GuestSystem | null;
  /** With which firmware it can start by itself. */
  readonly startsWith: readonly ('bios' | 'uefi')[];
  readonly table: 'mbr' | 'gpt' | 'hybrid' | 'none' | 'unknown';
  /** In the order of the disk, the logical volumes behind them; the first ones where there are very many. */
  readonly volumes: readonly GuestVolume[];
  readonly warnings: readonly string[];
  /** Bytes of the image that were read to know it. */
  readonly bytesRead: number;
}

export const GUEST_NATURES = ['system', 'data', 'installer', 'partition', 'encrypted', 'blank', 'unknown'] as const;
export type GuestNature = (typeof GUEST_NATURES)[number];

export interface GuestSystem {
  readonly family: 'linux' | 'windows';
  /** `Debian GNU/Linux 12 (bookworm)`; null where it could not be told, as all that follow. */
  readonly name: string | null;
  readonly architecture: string | null;
  readonly hostname: string | null;
  /** The kernel that starts by itself. */
  readonly kernel: string | null;
}

export interface GuestVolume {
  /** `disk`, `partition 1`, `vg0/root`. */
  readonly place: string;
  /** Bytes from the beginning of the disk; null for what has no place of its own on it. */
  readonly start: number | null;
  readonly size: number;
  /** `ext4`, `swap`, `lvm` …; null where it was not recognised. */
  readonly content: string | null;
  readonly label: string | null;
  readonly used: number | null;
}

/**
 * What is inside in one word or a few: the name of the system; where no system was looked for, what the volumes hold.
 * Undefined where its nature says more.
 */
export function insideOf({ system, nature, volumes }: InsideFacts): string | undefined {
  if (system?.name) return system.name;
  const contents = [...new Set(volumes.flatMap(({ content }) => content ?? []))];
  return nature === 'unknown' && contents.length > 0 ? contents.join(', ') : undefined;
}

interface InsideFacts {
  readonly system: Pick<GuestSystem, 'name'> | null;
  readonly nature: GuestNature;
  readonly volumes: readonly Pick<GuestVolume, 'content'>[];
}
