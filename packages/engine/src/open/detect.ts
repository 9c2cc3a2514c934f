import { DiskferryError } from '../base/errors.ts';
import { foreignFormat } from '../image/foreign.ts';
import { FORMATS } from '../image/formats.ts';
import type { Ends, FormatName, ImageFormat } from '../image/image.ts';
import { rawContent } from '../image/raw/content.ts';
import { raw } from '../image/raw/raw.ts';
import { unsupportedPackage } from '../unpack/packages.ts';

export interface Detected {
  readonly format: ImageFormat;
  readonly warnings: readonly string[];
}

/**
 * Which format a file is. A damaged image is still of its format: nothing falls through to raw, and raw itself is only
 * what nothing else claims and what looks like a disk, or what was declared.
 * @throws DiskferryError `image-ambiguous`, `image-format-mismatch`, `image-unsupported-format`, `image-not-recognised`
 */
export function detectFormat(ends: Ends, declared: FormatName | undefined, name: string): Detected {
  const claims = FORMATS.filter((format) => format.probe(ends));
  const names = claims.map((format) => format.name).join(' and ');
  if (claims.length > 1) throw new DiskferryError('image-ambiguous', `${name} is ${names} at once`);
  const [claim] = claims;
  if (declared && declared !== (claim?.name ?? 'raw')) return mismatch({ ends, declared, claim, name });
  if (claim) return { format: claim, warnings: [] };
  if (declared) return { format: raw, warnings: [] };
  refuseForeign(ends, name);
  return { format: raw, warnings: rawWarnings(ends, name) };
}

function mismatch(found: { ends: Ends; declared: FormatName; claim: ImageFormat | undefined; name: string }): Detected {
  // A fixed VHD shows itself only at its end, which is out of sight in a stream: its scan decides.
  const unseen = found.declared === 'vhd' && !found.claim && found.ends.tail.length === 0;
  if (unseen) return { format: raw, warnings: [] };
  const is = found.claim ? `it is ${found.claim.name}` : `no mark of ${found.declared} was found`;
  throw new DiskferryError('image-format-mismatch', `${found.name} was declared as ${found.declared}; ${is}`);
}

function refuseForeign(ends: Ends, name: string): void {
  const foreign = foreignFormat(ends);
  if (foreign) throw new DiskferryError('image-unsupported-format', `${name} is ${foreign}`);
  const packed = unsupportedPackage(ends.head);
  if (packed) throw new DiskferryError('package-unsupported', `${name} is packed as ${packed}`);
}

function rawWarnings(ends: Ends, name: string): string[] {
  const content = rawContent(ends.head, ends.size);
  switch (content.kind) {
    case 'partition-table':
    case 'filesystem':
      return [];
    case 'empty':
      return ['the first 64 KiB are zeros: it is taken as a raw disk'];
    case 'text':
      throw new DiskferryError('image-not-recognised', `${name} is ${content.name}, not a disk`);
    case 'unknown':
      return ['no partition table and no file system was recognised: it is taken as a raw disk'];
  }
}
