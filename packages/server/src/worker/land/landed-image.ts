import type { Identity, Layer } from '@diskferry/engine';

/** What is known of an image once it is on its disk. Kept beside the checkpoint until the receipt is. */
export interface LandedImage {
  readonly identity: Identity;
  readonly layers: readonly Layer[];
  readonly warnings: readonly string[];
  readonly fileSize: number | null;
  readonly virtualSize: number;
  /** Of the disk; null where none was wanted. */
  readonly digest: string | null;
  readonly targetSize: number;
}
