import { requireLandedUnchanged } from '../land/check-image.ts';
import { landImage } from '../land/land-image.ts';
import type { DoStage } from './stage.ts';

/** One image after the other, as far as they are not on their disks already. */
export const transferring: DoStage = async (work) => {
  for (const index of work.lease.migration.images.keys()) {
    const isLanded = work.lease.migration.images[index]?.content.kind === 'complete';
    await (isLanded ? requireLandedUnchanged(work, index) : landImage(work, index));
  }
  return { kind: 'transferred' };
};
