import { readBytes, type Bytes } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import { forEachBounded } from '../../base/settle.ts';
import type { Image, Surroundings } from '../image.ts';
import { mappedImage } from '../mapped.ts';
import { findCompanions } from './companions.ts';
import { COWD_HEADER_BYTES, parseCowdHeader } from './cowd-header.ts';
import type { Descriptor } from './descriptor.ts';
import { printable, type ExtentLine } from './extent-line.ts';
import { tablePages, type TablePages } from './grain-tables.ts';
import { embeddedDescriptor, openHosted } from './hosted-extent.ts';
import { kindOf, refuseBare } from './kind.ts';
import { sparseFeatures, sparseWarnings } from './monolithic-disk.ts';
import { runsOfParts, type Part } from './runs.ts';
import { flatPart, zeroPart } from './simple-parts.ts';
import type { SparseLayout } from './sparse-layout.ts';
import { SparsePart } from './sparse-part.ts';

/** Headers are read before anything else, so that a bad extent is known at once; each is a request. */
const OPENED_AT_ONCE = 8;
const WARNINGS_SHOWN = 8;

/** The files of a disk in the order of `Image.files`, and what is learnt while they are opened. */
interface Opening {
  readonly files: Map<string, { readonly file: Bytes; readonly number: number }>;
  readonly pages: TablePages;
  readonly features: Set<string>;
  readonly warnings: string[];
  readonly grains: Set<number>;
}

/** A disk whose descriptor is a file of its own: its extents are among the files that the caller gave. */
export async function diskOfDescriptor(
  descriptor: Descriptor,
  around: Surroundings,
  signal?: AbortSignal,
): Promise<Image> {
  const found = await findCompanions(descriptor, around);
  const files = new Map([...found].map(([name, file], number) => [name, { file, number }]));
  const opening: Opening = { files, pages: tablePages(), features: new Set(), warnings: [], grains: new Set() };
  const parts: Part[] = [];
  await forEachBounded(descriptor.extents.entries(), OPENED_AT_ONCE, async ([index, line]) => {
    parts[index] = await openPart(line, index, opening, signal);
  });
  const [clusterSize, ...others] = opening.grains;
  return mappedImage({
    size: descriptor.size,
    facts: {
      format: 'vmdk',
      subformat: descriptor.createType,
      features: [...opening.features],
      warnings: opening.warnings.slice(0, WARNINGS_SHOWN),
      ...(clusterSize !== undefined && others.length === 0 ? { clusterSize } : {}),
    },
    files: [...files.values()].map(({ file }) => file),
    extents: (within, signal) => runsOfParts(parts, within, signal),
  });
}

async function openPart(line: ExtentLine, index: number, opening: Opening, signal?: AbortSignal): Promise<Part> {
  const stored = opening.files.get(line.baseName);
  if (line.kind === 'zero') return zeroPart(line.length);
  if (!stored) throw new DiskferryError('internal', `no file for extent ${index}`);
  if (line.kind === 'flat') return flatPart(line, stored);
  try {
    const layout = await openSparse(line, stored.file, opening, signal);
    if (layout.capacity < line.length) throw tooSmall(line, layout);
    opening.grains.add(layout.grain);
    return new SparsePart(stored, layout, { length: line.length, pages: opening.pages, name: `${index}` });
  } catch (error) {
    throw inExtent(error, line);
  }
}

async function openSparse(
  line: ExtentLine,
  file: Bytes,
  opening: Opening,
  signal?: AbortSignal,
): Promise<SparseLayout> {
  const head = await readBytes(file, { offset: 0, length: Math.min(file.size, COWD_HEADER_BYTES) }, signal);
  const kind = kindOf(head);
  if (kind === 'sesparse' || kind === 'unfinished') throw refuseBare(kind);
  if (kind !== 'sparse' && kind !== 'cowd') {
    throw new DiskferryError('image-damaged', 'it is no sparse extent', { offset: 0 });
  }
  if (head.length < (kind === 'sparse' ? 512 : COWD_HEADER_BYTES)) {
    throw new DiskferryError('image-truncated', `its header ends at ${head.length}`, { offset: head.length });
  }
  const extent = kind === 'sparse' ? await hosted(file, head, opening, signal) : parseCowdHeader(head);
  const name = `extent ${printable(line.baseName)}: `;
  opening.warnings.push(...sparseWarnings(extent, extent.usesRedundant).map((warning) => name + warning));
  return extent.layout;
}

async function hosted(file: Bytes, head: Uint8Array, opening: Opening, signal?: AbortSignal) {
  const extent = await openHosted(file, head, signal);
  // Read for its refusals only: a delta that a descriptor presents as a base would lack what its parent holds.
  await embeddedDescriptor(file, extent.header, signal);
  for (const feature of sparseFeatures(extent.header)) opening.features.add(feature);
  return { layout: extent.layout, usesRedundant: extent.usesRedundant, unclean: extent.header.unclean };
}

function tooSmall(line: ExtentLine, layout: SparseLayout): DiskferryError {
  const message = `it holds ${layout.capacity} bytes, the descriptor needs ${line.length}`;
  return new DiskferryError('image-damaged', message, { offset: 12 });
}

/** Says which of the files is meant: offsets count in that file. */
function inExtent(error: unknown, line: ExtentLine): unknown {
  if (!(error instanceof DiskferryError)) return error;
  const { code, offset, hint, retry } = error;
  const message = `VMDK extent ${printable(line.baseName)}: ${error.message}`;
  return new DiskferryError(code, message, { cause: error, offset, hint, retry });
}
