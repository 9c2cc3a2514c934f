import type { PassPlaces } from '../image/image.ts';

/** How far a pass has come, in bytes of pieces. */
export class PassProgress {
  /** Where the package can be taken up again. */
  places: PassPlaces | undefined;
  /** Bytes of pieces that have been taken. */
  taken = 0;
  /** The oldest piece that is held in memory. */
  held: () => number | undefined = () => undefined;
  /** First positions of the segments that are being written. */
  readonly writing = new Set<number>();

  /** Everything before it has been written. */
  safe(): number {
    return Math.min(this.taken, this.held() ?? Infinity, ...this.writing);
  }
}
