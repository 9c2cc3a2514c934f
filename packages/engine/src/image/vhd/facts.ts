import type { ImageFacts } from '../image.ts';
import type { Found } from './find-footer.ts';

const SAVED_STATE = 'the virtual machine was suspended: its memory is not in the image, and the disk may be in use';

/** @param more sentences about this image, undefined where there is nothing to say */
export function factsOf(found: Found, more: readonly (string | undefined)[], clusterSize?: number): ImageFacts {
  const saved = found.footer.savedState ? [SAVED_STATE] : [];
  return {
    format: 'vhd',
    subformat: found.footer.kind,
    features: [],
    warnings: [...found.warnings, ...more.filter((warning) => warning !== undefined), ...saved],
    ...(clusterSize === undefined ? {} : { clusterSize }),
  };
}
