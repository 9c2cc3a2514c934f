import type { Image, ImageFacts, PassPlace, Scan } from '../image/image.ts';
import type { Identity } from '../source/source.ts';
import type { GoesOn } from './level.ts';

/** One layer around the disk, outermost first: packages, then the image. */
export interface Layer {
  readonly kind: 'package' | 'image';
  /** `gzip`, `tar`, `ova`, `qcow2` … */
  readonly name: string;
  /** Bytes of what is inside, where it is known. */
  readonly size?: number;
  /** The member that was taken. */
  readonly member?: string;
  readonly subformat?: string;
}

/** What a source turned out to hold, before anything of the disk is read. Disposing it closes its files, not the sources. */
export interface Opened extends AsyncDisposable {
  readonly identity: Identity;
  /** Bytes of the object or file as it lies there. */
  readonly fileSize: number | undefined;
  readonly layers: readonly Layer[];
  readonly facts: ImageFacts;
  /** Undefined where only the end of a stream tells: raw in gzip, xz without index … */
  readonly virtualSize: number | undefined;
  readonly warnings: readonly string[];
  /** How the disk can be read, and why in words. */
  readonly reading: string;
  /**
   * After a crash a copy reads only what is missing, or goes on at the last boundary inside the package; otherwise it reads
   * the package again from its start.
   */
  readonly goesOn: GoesOn;
  readonly origin: ImageOrigin;
  /** Digests of whole layers that have to be checked before an image read by ranges may be trusted. */
  readonly precheck: ((signal?: AbortSignal) => Promise<void>) | undefined;
  /** What a checkpoint is bound to: the same object and the same way into it. */
  readonly binding: { readonly source: string; readonly image: string };
}

/** The part that the image itself tells, apart from its wrapping. */
export type OpenedLevel = Pick<Opened, 'facts' | 'virtualSize' | 'reading' | 'goesOn' | 'origin' | 'precheck'>;

export type ImageOrigin =
  | { readonly way: 'ranges'; readonly image: Image }
  | { readonly way: 'pass'; begin(signal?: AbortSignal, from?: PassPlace): Promise<Scan> };
