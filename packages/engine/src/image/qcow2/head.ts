import { readBytes, type Bytes } from '../../base/bytes.ts';
import { SECTOR } from '../../base/align.ts';
import type { ImageFacts } from '../image.ts';
import { parseExtensions, type Extensions } from './extensions.ts';
import { HEADER_SIZE, parseHeader, type Header } from './header.ts';
import { checkTables, layoutOf, type Layout } from './layout.ts';
import { has, INCOMPATIBLE, refuseUnreadable } from './refusals.ts';

/** What the first cluster of a qcow2 file tells, all of it checked. */
export interface Head {
  readonly header: Header;
  readonly layout: Layout;
  readonly facts: ImageFacts;
}

/** @throws DiskferryError `image-*`: every refusal that the header alone gives reason for */
export async function readHead(file: Bytes, signal?: AbortSignal): Promise<Head> {
  const front = await readBytes(file, { offset: 0, length: Math.min(HEADER_SIZE, file.size) }, signal);
  const header = parseHeader(front);
  const length = Math.min(2 ** header.clusterBits, file.size);
  const cluster = await readBytes(file, { offset: 0, length }, signal);
  const extensions = parseExtensions(cluster, header);
  refuseUnreadable(header, extensions, cluster);
  const layout = layoutOf(header);
  checkTables(header, layout, file.size);
  return { header, layout, facts: factsOf(header, layout, extensions) };
}

function factsOf(header: Header, layout: Layout, extensions: Extensions): ImageFacts {
  const lazy = (header.compatible & 1n) !== 0n;
  const { count } = header.snapshots;
  return {
    format: 'qcow2',
    subformat: `v${header.version}`,
    features: [
      ...(layout.codec === 'zstd' ? ['zstd'] : []),
      ...(layout.extended ? ['extended-l2'] : []),
      ...(lazy ? ['lazy-refcounts'] : []),
      ...(extensions.bitmaps ? ['bitmaps'] : []),
      ...(count > 0 ? [`internal-snapshots: ${count}`] : []),
    ],
    warnings: warningsOf(header, layout),
    clusterSize: layout.clusterSize,
  };
}

function warningsOf(header: Header, layout: Layout): string[] {
  const warnings: string[] = [];
  if (has(header, INCOMPATIBLE.dirty)) {
    warnings.push('The dirty bit is set: the image was not closed cleanly; what its tables say is read.');
  }
  if (header.snapshots.count > 0) {
    warnings.push('The image holds internal snapshots: the active state is read, the snapshots are not.');
  }
  if (layout.diskSize !== header.size) {
    const sizes = `${header.size} bytes, not a multiple of ${SECTOR}`;
    warnings.push(`The virtual size is ${sizes}: ${layout.diskSize} are read, where qemu-img drops the last part.`);
  }
  return warnings;
}
