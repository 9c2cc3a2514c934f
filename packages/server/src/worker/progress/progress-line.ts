import type { LiveProgress } from '@diskferry/protocol';
import { bytesText } from '../../preflight/check.ts';

/** Between two lines that say how far a copy is. */
const EVERY_MS = 30_000;

/** Says now and then how far the image is that is worked on; and nothing while nothing is. */
export class ProgressLine {
  #saidAt: number | undefined;
  #image: number | null = null;

  /** @returns what to say now, if anything */
  next({ at, image, images, speed, bottleneck }: LiveProgress): string | undefined {
    const measured = image === null ? undefined : images[image];
    if (this.#image !== image) [this.#image, this.#saidAt] = [image, at];
    if (measured === undefined || this.#saidAt === undefined || at - this.#saidAt < EVERY_MS) return undefined;
    this.#saidAt = at;
    const { landed, of } = measured;
    const share = of === null || of === 0 ? '' : ` (${Math.floor((landed / of) * 100)} %)`;
    const waits = bottleneck === null ? '' : `, waits mostly for: ${bottleneck}`;
    return `image ${(image ?? 0) + 1}: ${bytesText(landed)}${share} landed, ${bytesText(Math.round(speed.landed))} a second${waits}`;
  }
}
