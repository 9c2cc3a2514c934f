import type { LogLine } from '@diskferry/protocol';

/** What a worker says about a migration while it works on it. Kept for people; nothing is decided by it. */
export interface LineStore {
  /** In their order. Of very many the newest `MOST_LINES` are kept. @throws ServiceError `stale-fence`, `not-found` */
  append(id: string, fence: number, lines: readonly NewLine[]): Promise<void>;
  /** What is kept behind the line `after`, in order; empty also where there is no such migration. */
  read(id: string, after?: number): Promise<readonly LogLine[]>;
  /** The newest of each migration that has any. */
  newest(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

export type NewLine = Omit<LogLine, 'seq'>;

export const MOST_LINES = 1000;
