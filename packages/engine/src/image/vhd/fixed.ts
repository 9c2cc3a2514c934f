import type { Bytes } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import type { Image } from '../image.ts';
import { mappedImage } from '../mapped.ts';
import { plainExtents } from '../plain-extents.ts';
import type { Found } from './find-footer.ts';
import { factsOf } from './facts.ts';
import { diskSize, type SizeRule } from './size-rule.ts';

/** A fixed VHD: the disk as it is, then the footer. @throws DiskferryError `image-truncated` where the disk is cut */
export function openFixed(file: Bytes, found: Found, rule: SizeRule): Image {
  const { size, warning } = diskSize(found.footer, rule);
  checkFixedSize(size, found.dataEnd);
  return mappedImage({
    size,
    facts: factsOf(found, [warning, surplus(size, found.dataEnd)]),
    files: [file],
    extents: (within, signal) => plainExtents(file, within, signal),
  });
}

/** qemu-img reads the footer as data there, then zeros, and exits 0. */
export function checkFixedSize(size: number, dataEnd: number): void {
  if (size <= dataEnd) return;
  const message = `the fixed VHD has a disk of ${size} bytes, its file holds ${dataEnd}`;
  throw new DiskferryError('image-truncated', message, { offset: dataEnd });
}

function surplus(size: number, dataEnd: number): string | undefined {
  if (size === dataEnd) return undefined;
  return `${dataEnd - size} bytes between the end of the disk (${size}) and the VHD footer are left out`;
}
