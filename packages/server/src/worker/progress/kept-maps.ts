import type { DiskMapView } from '@diskferry/protocol';
import type { DiskMapStore } from '../../live/disk-maps.ts';
import type { Lease } from '../lease/lease.ts';
import type { LiveBoard } from './live-board.ts';

/** Keeps the maps of the disks for whoever looks later. What cannot be kept is not missed: nothing depends on a map. */
export class KeptMaps {
  readonly #store: DiskMapStore;
  readonly #lease: Lease;
  readonly #board: LiveBoard;
  readonly #kept = new Map<number, DiskMapView>();
  #last: Promise<void> = Promise.resolve();

  constructor(store: DiskMapStore, lease: Lease, board: LiveBoard) {
    this.#store = store;
    this.#lease = lease;
    this.#board = board;
  }

  /** One after the other; settles when those are kept that have changed by now. */
  keep(): Promise<void> {
    this.#last = this.#last.then(() => this.#keepChanged());
    return this.#last;
  }

  async #keepChanged(): Promise<void> {
    const { id, fence, signal } = this.#lease;
    for (const [image, map] of this.#board.maps()) {
      if (signal.aborted || map === this.#kept.get(image)) continue;
      try {
        await this.#store.keep(id, fence, { image, map });
        this.#kept.set(image, map);
      } catch {
        // It is tried again the next time.
      }
    }
  }
}
