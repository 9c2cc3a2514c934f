import type { LiveProgress } from '@diskferry/protocol';

/** What a worker measures while it works, about once a second. Worth nothing after a restart: the events are the truth. */
export interface LiveStore {
  /** @throws ServiceError `stale-fence` */
  publish(id: string, fence: number, progress: LiveProgress): Promise<void>;
  /** Undefined where nothing was published, or the migration is over or waits. */
  read(id: string): Promise<LiveProgress | undefined>;
  readMany(ids: readonly string[]): Promise<ReadonlyMap<string, LiveProgress>>;
}
