import type { Layer } from '@diskferry/engine';
import type { GuestSummary } from '@diskferry/protocol';

/** An image that somebody or a migration has looked at, as it was found the last time. Nothing depends on it. */
export interface SeenImage {
  /** Follows from the link: the same link is the same image, whatever lies there now. */
  readonly id: string;
  /** As it is shown: without what opens it. */
  readonly link: string;
  readonly layers: readonly Layer[];
  readonly fileSize: number | null;
  readonly virtualSize: number | null;
  readonly reading: string | null;
  /** Null where it was not looked into, or could not be. */
  readonly guest: GuestSummary | null;
  /** Checks of it that forbid a migration, and that warn. */
  readonly blocks: number;
  readonly warnings: number;
  readonly firstSeenAt: number;
  readonly seenAt: number;
  /** The name of whom it was looked at for. */
  readonly seenBy: string;
  /** The migration that looked at it last. */
  readonly migration: string | null;
}

/** What one look found; the store adds what it knows from earlier ones. */
export type Sight = Omit<SeenImage, 'id' | 'firstSeenAt'>;

export interface ImagePage {
  readonly images: readonly SeenImage[];
  readonly next: string | undefined;
}

export interface ImageStore {
  /** Keeps the newest of each link, and of all links the newest `MOST_IMAGES`. */
  saw(sights: readonly Sight[]): Promise<void>;
  /** The newest first. @throws ServiceError `invalid-cursor` */
  list(ask: { readonly text?: string; readonly cursor?: string; readonly limit: number }): Promise<ImagePage>;
  /** @throws ServiceError `not-found` */
  read(id: string): Promise<SeenImage>;
  /** @throws ServiceError `not-found` */
  forget(id: string): Promise<void>;
}

export const MOST_IMAGES = 1000;
