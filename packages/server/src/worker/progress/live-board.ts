import type { DiskMap, Meter } from '@diskferry/engine';
import { type DiskMapView, shareOf, type ImageProgress, type LiveProgress, type Stage } from '@diskferry/protocol';
import type { Migration } from '../../migrations/migration.ts';
import { MapRuns } from './map-runs.ts';
import { remainingOf } from './remaining.ts';
import { Samples } from './samples.ts';
import { nothingMoves } from './standstill.ts';

type Stall = NonNullable<LiveProgress['stall']>;

/** What a migration is doing at this moment: written by its stages, read about once a second. */
export class LiveBoard {
  readonly #migration: () => Migration;
  readonly #samples = new Samples();
  readonly #map = new MapRuns();
  /** The image whose map is shown. */
  #mapped: number | undefined;
  /** Of images that were worked on before, as they were left: a map itself has a byte for each segment. */
  readonly #left = new Map<number, DiskMapView>();
  #stage: Stage = 'checking';
  #image: number | null = null;
  #meter: Meter | undefined;
  #stall: Stall | null = null;
  /** What earlier meters of an image have counted. */
  readonly #before = new Map<number, ImageProgress>();

  constructor(migration: () => Migration) {
    this.#migration = migration;
  }

  enters(stage: Stage): void {
    this.#put();
    this.#stage = stage;
    this.#image = null;
    this.#stall = null;
    this.#samples.clear();
  }

  /**
   * From now on it is about this image, and `meter` counts what is done. Without a map, the one that is known of the image is
   * shown on.
   */
  works(image: number, meter: Meter, map?: DiskMap): void {
    if (map !== undefined || image !== this.#mapped) {
      this.#leaveMap();
      this.#map.shows(map);
    }
    this.#mapped = image;
    if (meter === this.#meter) return;
    this.#put();
    this.#image = image;
    this.#meter = meter;
    this.#samples.clear();
  }

  stalled(stall: Stall | null): void {
    this.#stall = stall;
  }

  snapshot(now = Date.now()): LiveProgress {
    const meter = this.#meter;
    const elapsed = performance.now();
    if (meter !== undefined) this.#samples.take(meter, elapsed);
    const images = this.#migration().images.map((_, index) => this.#imageProgress(index));
    return {
      at: now,
      stage: this.#stage,
      image: this.#image,
      images,
      speed: this.#samples.speed(),
      remaining: meter === undefined ? null : remainingOf(meter, this.#samples, this.#afterwards()),
      bottleneck: this.#samples.bottleneck(),
      stall: this.#stall ?? (meter === undefined ? null : nothingMoves(this.#samples, now)),
      map: this.#image === null ? null : (this.#map.view(elapsed) ?? this.#left.get(this.#image) ?? null),
    };
  }

  /** All maps that are known, as they are at this moment. The same one is the same object as long as it does not change. */
  maps(): ReadonlyMap<number, DiskMapView> {
    this.#leaveMap();
    return this.#left;
  }

  #leaveMap(): void {
    const view = this.#mapped === undefined ? null : this.#map.now();
    if (this.#mapped !== undefined && view !== null) this.#left.set(this.#mapped, view);
  }

  /** Bytes of the disks that come after the present one. */
  #afterwards(): number {
    const { images } = this.#migration();
    const later = images.slice((this.#image ?? images.length) + 1);
    return later.reduce((sum, { size, content }) => sum + (size ?? 0) * (1 - shareOf(content)), 0);
  }

  #put(): void {
    if (this.#meter !== undefined && this.#image !== null) {
      this.#before.set(this.#image, this.#imageProgress(this.#image));
    }
    this.#meter = undefined;
  }

  #imageProgress(index: number): ImageProgress {
    const { size, content } = this.#migration().images[index] ?? { size: null, content: { kind: 'untouched' } };
    const before = this.#before.get(index);
    const meter = index === this.#image ? this.#meter : undefined;
    const recorded = content.kind === 'untouched' ? 0 : content.kind === 'partly' ? content.bytes : content.of;
    const sum = (what: 'read' | 'decoded' | 'written' | 'verified', more = 0) => (before?.[what] ?? 0) + more;
    return {
      read: sum('read', meter?.bytesRead),
      readOf: meter?.sourceSize ?? before?.readOf ?? null,
      decoded: sum('decoded', meter?.decoded),
      written: sum('written', meter?.bytesWritten),
      verified: sum('verified', meter?.verified),
      landed: Math.max(recorded, meter?.landed ?? 0),
      of: meter?.virtualSize ?? size ?? before?.of ?? null,
    };
  }
}
