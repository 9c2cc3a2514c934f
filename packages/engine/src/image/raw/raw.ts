import { alignUp, SECTOR } from '../../base/align.ts';
import type { Bytes, ByteStream } from '../../base/bytes.ts';
import type { Image, ImageFormat, Scan, ScanOptions } from '../image.ts';
import { mappedImage } from '../mapped.ts';
import { plainExtents } from '../plain-extents.ts';
import { paddingWarning, scanFixed } from '../vhd/fixed-scan.ts';

/**
 * A disk as it is. Nothing marks one, so it is never claimed: it is what was declared, or what is left. A size that is
 * no multiple of 512 is filled up with zeros, as qemu-img does.
 */
export const raw: ImageFormat = {
  name: 'raw',
  probe: () => false,
  open: async (file) => openRaw(file),
  scan: async (stream, how) => scanRaw(stream, how),
};

function openRaw(file: Bytes): Image {
  const size = alignUp(file.size, SECTOR);
  const warnings = size === file.size ? [] : [paddingWarning(file.size)];
  return mappedImage({
    size,
    facts: { format: 'raw', subformat: 'raw', features: [], warnings },
    files: [file],
    extents: (within, signal) => plainExtents(file, within, signal),
  });
}

/** A fixed VHD in a stream looks like raw up to its last sector: its footer is left out, and the facts then say VHD. */
function scanRaw(stream: ByteStream, how: ScanOptions): Scan {
  return scanFixed(stream, how, { rule: 'footer', footer: 'possible' });
}
