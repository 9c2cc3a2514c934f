import type { Bytes } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import type { Image, ImageFacts } from '../image.ts';
import { mappedImage } from '../mapped.ts';
import type { Descriptor } from './descriptor.ts';
import { tablePages } from './grain-tables.ts';
import { openHosted, type HostedExtent } from './hosted-extent.ts';
import { runsOfParts } from './runs.ts';
import type { SparseHeader } from './sparse-header.ts';
import { SparsePart } from './sparse-part.ts';

/** A disk in one sparse file with its descriptor inside. Its size is the capacity in the header, as in qemu-img. */
export async function monolithicDisk(
  file: Bytes,
  head: { readonly sector: Uint8Array; readonly descriptor: Descriptor },
  signal?: AbortSignal,
): Promise<Image> {
  const extent = await openHosted(file, head.sector, signal);
  const size = extent.header.capacity;
  const disk = { length: size, pages: tablePages(), name: '0' };
  const parts = [new SparsePart({ file, number: 0 }, extent.layout, disk)];
  return mappedImage({
    size,
    facts: monolithicFacts(extent.header, head.descriptor, extent),
    files: [file],
    extents: (within, signal) => runsOfParts(parts, within, signal),
  });
}

/** @throws DiskferryError where the descriptor is not that of a disk in this one file */
export function monolithicFacts(
  header: SparseHeader,
  descriptor: Descriptor,
  extent?: Pick<HostedExtent, 'usesRedundant'>,
): ImageFacts {
  checkOwn(header, descriptor);
  const warnings = sparseWarnings(header, extent?.usesRedundant ?? false);
  if (descriptor.size < header.capacity) {
    warnings.push(`the descriptor lists ${descriptor.size} bytes, the header ${header.capacity}: the header counts`);
  }
  return {
    format: 'vmdk',
    subformat: descriptor.createType,
    features: sparseFeatures(header),
    warnings,
    clusterSize: header.grain,
  };
}

/** A descriptor inside a sparse file speaks of that file alone; whatever else it lists is not followed. */
function checkOwn(header: SparseHeader, descriptor: Descriptor): void {
  const at = header.descriptor?.offset;
  const [only, ...others] = descriptor.extents;
  if (only?.kind !== 'sparse' || others.length > 0) {
    const message = 'VMDK: the descriptor inside a sparse file lists other extents than that file';
    throw new DiskferryError('image-unsupported', message, { offset: at });
  }
  if (descriptor.size <= header.capacity) return;
  const message = `VMDK: the descriptor lists ${descriptor.size} bytes, the header holds ${header.capacity}`;
  throw new DiskferryError('image-damaged', message, { offset: at });
}

export function sparseFeatures(header: SparseHeader): string[] {
  return [
    ...(header.packed ? ['compressed'] : []),
    ...(header.marked ? ['markers'] : []),
    ...(header.zeroGrains ? ['zeroed-grains'] : []),
    ...(header.redundantDirectory === undefined ? [] : ['redundant-grain-directory']),
  ];
}

export function sparseWarnings(header: { readonly unclean: boolean }, usesRedundant: boolean): string[] {
  return [
    ...(header.unclean ? ['the disk was not closed cleanly by the program that wrote it'] : []),
    ...(usesRedundant ? ['the first grain directory is unusable: the redundant one is read'] : []),
  ];
}
