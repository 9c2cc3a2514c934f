import type { Check } from '@diskferry/protocol';
import { bytesText, check } from './check.ts';

interface Sizes {
  readonly image: number;
  readonly fileSize: number | null;
  readonly virtualSize: number | null;
  /** Of the volume; undefined where it was not found. */
  readonly volume: number | undefined;
}

/** Both rules of size, each with both of its numbers. What is not known is left to the check that says why. */
export function compareSizes({ image, fileSize, virtualSize, volume }: Sizes): Check[] {
  if (volume === undefined) return [];
  const checks: Check[] = [];
  if (fileSize !== null) checks.push(fileFits(image, { fileSize, virtualSize, volume }));
  if (virtualSize === null) return checks;
  const both = `the disk has ${bytesText(virtualSize)}, the volume ${bytesText(volume)}`;
  checks.push(check('disk-fits', virtualSize <= volume ? 'pass' : 'block', image, both));
  if (virtualSize < volume) {
    const rest = `${bytesText(volume - virtualSize)} behind the end of the disk stay unused until a partition is grown`;
    checks.push(check('volume-larger', 'pass', image, `${both}: ${rest}`));
  }
  return checks;
}

/**
 * A file may be larger than the disk in it (tables, a footer, an archive around several disks): where that disk is known to
 * fit, the rule of the original is only a warning. Where nothing else is known, it is all that there is to go by.
 */
function fileFits(
  image: number,
  { fileSize, virtualSize, volume }: { fileSize: number; virtualSize: number | null; volume: number },
): Check {
  const both = `the file has ${bytesText(fileSize)}, the volume ${bytesText(volume)}`;
  if (fileSize <= volume) return check('file-fits', 'pass', image, both);
  if (virtualSize === null || virtualSize > volume) return check('file-fits', 'block', image, both);
  return check('file-fits', 'warn', image, `${both}; the disk in it has ${bytesText(virtualSize)} and fits`);
}
