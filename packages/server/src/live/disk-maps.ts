import type { DiskMapView } from '@diskferry/protocol';

/**
 * The map of each disk as a worker last kept it: what is shown where nobody works on that disk. It may be some seconds behind
 * a worker that died; what the log says of a disk comes before it.
 */
export interface DiskMapStore {
  /** @throws ServiceError `stale-fence`, `invalid-request` where there is no such image, or the map is larger than one may be */
  keep(id: string, fence: number, disk: { readonly image: number; readonly map: DiskMapView }): Promise<void>;
  /** By the number of the image; empty where nothing was kept. */
  read(id: string): Promise<ReadonlyMap<number, DiskMapView>>;
}
