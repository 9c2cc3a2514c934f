import type { Stage } from './migration-state.ts';

/** What a worker measures while it works. Bytes, bytes a second, milliseconds since 1970. */
export interface LiveProgress {
  readonly at: number;
  readonly stage: Stage;
  /** The image that is being worked on, counted from 0; null where the stage is about the whole migration. */
  readonly image: number | null;
  readonly images: readonly ImageProgress[];
  /** Over the last seconds. */
  readonly speed: { readonly read: number; readonly landed: number };
  /** Null while too little is known. */
  readonly remaining: { readonly low: number; readonly high: number; readonly basis: RemainingBasis } | null;
  readonly bottleneck: Bottleneck | null;
  /** Nothing moves; `nextTryAt` where it is tried again. */
  readonly stall: {
    readonly code: string;
    readonly message: string;
    readonly since: number;
    readonly nextTryAt: number | null;
  } | null;
  /** The disk of `image`, place by place; null where nothing was told of it yet. Looked at every two seconds. */
  readonly map: DiskMapView | null;
}

/**
 * What a cell of the map can be. `hole`: the image holds nothing there. `zero`: made zero, or found to be. `waiting`: data that
 * has not come yet. `failed`: could not be read or written, or was not kept.
 */
export const MAP_STATES = ['hole', 'zero', 'waiting', 'copied', 'verified', 'unknown', 'failed'] as const;
export type MapState = (typeof MAP_STATES)[number];

/** The virtual disk as equal cells, from its start to its end. A cell is shown as the worst of what lies in it. */
export interface DiskMapView {
  /** At most 1024. */
  readonly cells: number;
  /** Neighbours of one state, as pairs: the place of the state in `MAP_STATES`, and how many cells. */
  readonly runs: readonly (readonly number[])[];
}

/** What the time left is counted by: what is left of the object, of the disk, or of what is read back. */
export const REMAINING_BASES = ['object', 'disk', 'read-back'] as const;
export type RemainingBasis = (typeof REMAINING_BASES)[number];

/** What the work waits for most: the network, a limit that was set, computing, the disk, or reading back. */
export const BOTTLENECKS = ['source', 'bandwidth', 'decode', 'write', 'verify'] as const;
export type Bottleneck = (typeof BOTTLENECKS)[number];

export interface ImageProgress {
  /** Received from the source, packed as it lies there. */
  readonly read: number;
  /** Size of the object, where it is known. */
  readonly readOf: number | null;
  /** Of the virtual disk: unpacked and ready to be written. */
  readonly decoded: number;
  readonly written: number;
  readonly verified: number;
  /** Bytes of the virtual disk that are done: written, zero, or known from before. */
  readonly landed: number;
  /** Size of the virtual disk, where it is known. */
  readonly of: number | null;
}

/** The share of all disks that is done, from 0 to 1; undefined while the size of one is not known. */
export function shareOfView({ images }: Pick<LiveProgress, 'images'>): number | undefined {
  const sizes = images.map(({ of }) => of);
  if (sizes.length === 0 || sizes.includes(null)) return undefined;
  const total = sizes.reduce((sum: number, size) => sum + (size ?? 0), 0);
  return total === 0 ? 1 : Math.min(1, images.reduce((sum, { landed }) => sum + landed, 0) / total);
}
