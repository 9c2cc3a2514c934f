import { MiB } from '../../base/align.ts';
import { DiskferryError } from '../../base/errors.ts';
import { memberNameOf } from './href.ts';
import { descriptorFault, eachElement, type XmlElement } from './xml.ts';

/** A disk as the descriptor tells it (DMTF DSP0243 2.1.1, sections 7.1 and 9.1). */
export interface OvfDisk {
  readonly id: string;
  /** Name of the member that holds it: a plain file name, proven to be one. */
  readonly href: string;
  /** Undefined where the descriptor gives it as a property of the deployment. */
  readonly capacityBytes: number | undefined;
  /** The URI of the format, as it stands. */
  readonly format: string | undefined;
  readonly compression?: 'gzip';
}

export interface Descriptor {
  readonly disks: readonly OvfDisk[];
}

export const DESCRIPTOR_LIMIT = 4 * MiB;

interface Found {
  readonly envelope: boolean;
  readonly files: ReadonlyMap<string, XmlElement>;
  readonly disks: readonly XmlElement[];
}

/**
 * The disks in the order of the disk section. Disks without a file (empty ones that are made on import) are left out.
 * @throws DiskferryError `package-descriptor`, `package-unsupported` (chunks, compression), `package-limit`
 */
export function parseDescriptor(bytes: Uint8Array): Descriptor {
  const found = findElements(decodeText(bytes));
  if (!found.envelope) throw descriptorFault('the OVF descriptor has no Envelope');
  const withFile = found.disks.filter((disk) => disk.attributes.has('fileRef'));
  return { disks: withFile.map((disk) => diskOf(disk, found.files)) };
}

function decodeText(bytes: Uint8Array): string {
  if (bytes.length > DESCRIPTOR_LIMIT) {
    throw new DiskferryError(
      'package-limit',
      `an OVF descriptor of ${bytes.length} bytes; ${DESCRIPTOR_LIMIT} are allowed`,
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw descriptorFault('the OVF descriptor is not UTF-8', cause);
  }
}

function findElements(text: string): Found {
  const files = new Map<string, XmlElement>();
  const disks: XmlElement[] = [];
  let envelope = false;
  eachElement(text, (element) => {
    const place = element.path.join('/');
    if (place === '' && element.name === 'Envelope') envelope = true;
    if (element.name === 'File' && place === 'Envelope/References') {
      const id = element.attributes.get('id') ?? '';
      if (files.has(id)) throw descriptorFault('two files of the OVF descriptor have the same id');
      files.set(id, element);
    }
    if (element.name === 'Disk' && (place === 'Envelope/DiskSection' || place === 'Envelope/Section'))
      disks.push(element);
  });
  return { envelope, files, disks };
}

function diskOf(disk: XmlElement, files: ReadonlyMap<string, XmlElement>): OvfDisk {
  const id = disk.attributes.get('diskId') ?? '';
  const file = files.get(disk.attributes.get('fileRef') ?? '')?.attributes;
  const href = file?.get('href');
  if (file === undefined || href === undefined) throw descriptorFault('a disk of the OVF descriptor refers to no file');
  if (disk.attributes.has('parentRef'))
    throw descriptorFault('a disk of the OVF descriptor is the difference to a parent disk');
  if (file.has('chunkSize')) throw new DiskferryError('package-unsupported', 'a disk of the OVA is split into chunks');
  const compression = compressionOf(file.get('compression'));
  return {
    id,
    href: memberNameOf(href),
    capacityBytes: capacityOf(disk),
    format: disk.attributes.get('format'),
    ...(compression === undefined ? {} : { compression }),
  };
}

function compressionOf(told: string | undefined): 'gzip' | undefined {
  if (told === undefined || told === '' || told === 'identity') return undefined;
  if (told === 'gzip') return 'gzip';
  throw new DiskferryError('package-unsupported', 'a disk of the OVA is compressed otherwise than with gzip');
}

/** `capacity` times `capacityAllocationUnits`, which is "byte", "byte * 2^N" or "byte * N" (DSP0004 annex C.1). */
function capacityOf(disk: XmlElement): number | undefined {
  const capacity = disk.attributes.get('capacity') ?? '';
  if (/^\$\{.*\}$/.test(capacity)) return undefined;
  const units = disk.attributes.get('capacityAllocationUnits') ?? 'byte';
  const unit = /^byte(?:\s*\*\s*(\d{1,16})(?:\^(\d{1,2}))?)?$/.exec(units.trim());
  const factor = unit?.[1] === undefined ? 1 : Number(unit[1]) ** Number(unit[2] ?? 1);
  const bytes = /^\d{1,16}$/.test(capacity) ? Number(capacity) * factor : Number.NaN;
  if (unit === null || !Number.isSafeInteger(bytes))
    throw descriptorFault('the capacity of a disk of the OVF descriptor is no size');
  return bytes;
}
