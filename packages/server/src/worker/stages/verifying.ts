import { verifyImage } from '../land/check-image.ts';
import type { DoStage } from './stage.ts';

export const verifying: DoStage = async (work) => {
  for (const index of work.lease.migration.images.keys()) await verifyImage(work, index);
  return { kind: 'verified' };
};
