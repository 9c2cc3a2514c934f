import { MiB } from '../../base/align.ts';
import { DiskferryError } from '../../base/errors.ts';
import { parseExtentLine, printable, type ExtentLine } from './extent-line.ts';
import { descriptorLines } from './descriptor-lines.ts';

/**
 * The text that says what a disk is made of: a file of its own, or embedded in a sparse extent. Everything about the
 * virtual hardware (`ddb.*`) is left aside. Virtual Disk Format 5.0, "The Descriptor File".
 */
export interface Descriptor {
  readonly createType: string;
  readonly extents: readonly ExtentLine[];
  /** Bytes of the disk: the sum of the extents. */
  readonly size: number;
}

/** 4096 extents with ordinary names are under 400 KiB. */
export const DESCRIPTOR_LIMIT = 1 * MiB;
const EXTENT_LIMIT = 4096;
const NO_PARENT = 'ffffffff';

/** Disks of the host, and sparse disks whose layout VMware does not document. */
const REFUSED_TYPES: Readonly<Record<string, string>> = {
  fulldevice: 'a whole disk of the host',
  partitioneddevice: 'partitions of a disk of the host',
  vmfsraw: 'a raw device',
  vmfsrdm: 'a raw device mapping',
  vmfsrawdevicemap: 'a raw device mapping',
  vmfsrdmp: 'a raw device mapping',
  vmfspassthroughrawdevicemap: 'a raw device mapping',
  sesparse: 'a space-efficient snapshot',
};

/** Whether a file begins as a descriptor: the mark may stand behind a byte order mark and white space. */
export function isDescriptor(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(0, 1024)).toString('latin1');
  return /^(?:\u00ef\u00bb\u00bf)?\s*#\s*Disk\s*DescriptorFile/i.test(text);
}

/**
 * @param at where the text begins in its file, for errors
 * @throws DiskferryError `image-parent`, `image-damaged`, `image-unsupported`, `image-limit`
 */
export function parseDescriptor(text: Uint8Array, at: number): Descriptor {
  if (!isDescriptor(text)) {
    throw damaged('it does not begin with "# Disk DescriptorFile"', at);
  }
  const lines = descriptorLines(text, at);
  const settings = new Settings();
  const extents: ExtentLine[] = [];
  for (const line of lines) {
    if (/parentFileNameHint/i.test(line.text)) throw parent('it names a parent (parentFileNameHint)', line.at);
    const extent = parseExtentLine(line.text, line.at);
    if (extent) extents.push(extent);
    else settings.take(line.text, line.at);
    if (extents.length > EXTENT_LIMIT) {
      const message = `VMDK descriptor: more than ${EXTENT_LIMIT} extents`;
      throw new DiskferryError('image-limit', message, { offset: line.at });
    }
  }
  return { createType: settings.checkedCreateType(at), extents, size: totalSize(extents, at) };
}

/** The header lines. qemu-img and VMware read them by name wherever they stand, so the last word is every word. */
class Settings {
  #createType: string | undefined;

  take(line: string, at: number): void {
    const [, key = '', value = ''] = /^\s*(version|parentCID|createType)\s*=\s*"?([^"]*?)"?\s*$/i.exec(line) ?? [];
    switch (key.toLowerCase()) {
      case 'version':
        if (!/^[123]$/.test(value)) throw refused(`version ${printable(value)} is not supported (1 to 3)`, at);
        break;
      case 'parentcid':
        if (value.toLowerCase() !== NO_PARENT) throw parent(`parentCID is ${printable(value)}, not ${NO_PARENT}`, at);
        break;
      case 'createtype':
        if (this.#createType !== undefined && this.#createType !== value) throw damaged('two values of createType', at);
        this.#createType = value;
        break;
    }
  }

  checkedCreateType(at: number): string {
    const type = this.#createType;
    if (type === undefined || !/^\w{1,40}$/.test(type)) {
      throw damaged(`createType is ${type === undefined ? 'missing' : printable(type)}`, at);
    }
    const lower = type.toLowerCase();
    const why = Object.hasOwn(REFUSED_TYPES, lower) ? REFUSED_TYPES[lower] : undefined;
    if (why) throw refused(`createType ${type} is ${why}, which is not supported`, at);
    return type;
  }
}

function totalSize(extents: readonly ExtentLine[], at: number): number {
  if (extents.length === 0) throw damaged('no extents', at);
  const size = extents.reduce((sum, extent) => sum + extent.length, 0);
  if (Number.isSafeInteger(size)) return size;
  throw new DiskferryError('image-limit', 'VMDK descriptor: the extents are more than 8 PiB', { offset: at });
}

/** Snapshot deltas (`NAME-000001.vmdk`) are caught here: what they lack lies in the parent. */
function parent(message: string, offset: number): DiskferryError {
  return new DiskferryError('image-parent', `the VMDK is a snapshot delta or a linked clone: ${message}`, { offset });
}

function damaged(message: string, offset: number): DiskferryError {
  return new DiskferryError('image-damaged', `VMDK descriptor: ${message}`, { offset });
}

function refused(message: string, offset: number): DiskferryError {
  return new DiskferryError('image-unsupported', `VMDK descriptor: ${message}`, { offset });
}
