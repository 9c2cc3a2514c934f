import { SECTOR } from '../../base/align.ts';
import { DiskferryError } from '../../base/errors.ts';

/**
 * One extent line of a descriptor: access, sectors, type, and for all but ZERO a quoted name and an offset in sectors.
 *
 *     RW 4192256 SPARSE "disk-s001.vmdk"
 *     RW 20480 FLAT "disk-flat.vmdk" 0
 *
 * Virtual Disk Format 5.0, "Extent Descriptions".
 */
export interface ExtentLine {
  readonly kind: 'flat' | 'sparse' | 'zero';
  /** Bytes of the disk. */
  readonly length: number;
  /** The name as it is written, never opened; empty for `zero`. */
  readonly written: string;
  /** What the caller's files are matched with; empty for `zero`. */
  readonly baseName: string;
  /** Where a flat extent begins in its file, in bytes. */
  readonly fileOffset: number;
}

const ACCESS = /^\s*(RW|RDONLY|NOACCESS)\s+(\S+)\s+(\S+)(.*)$/;
const KINDS: Readonly<Record<string, ExtentLine['kind']>> = {
  FLAT: 'flat',
  VMFS: 'flat',
  SPARSE: 'sparse',
  VMFSSPARSE: 'sparse',
  ZERO: 'zero',
};

/**
 * @param at where the line stands, for errors
 * @returns undefined for a line that is not about an extent
 * @throws DiskferryError `image-damaged`, `image-unsupported`, `image-limit`
 */
export function parseExtentLine(line: string, at: number): ExtentLine | undefined {
  const [, access, sectors = '', type = '', rest = ''] = ACCESS.exec(line) ?? [];
  if (!access) return undefined;
  const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  if (!kind)
    throw refused(`extent type ${printable(type)} is not supported (FLAT, VMFS, SPARSE, VMFSSPARSE, ZERO)`, at);
  if (access === 'NOACCESS') throw refused('an extent is marked NOACCESS: its content is not to be had', at);
  const length = sectorsToBytes(sectors, 'size', at);
  if (length === 0) throw damaged('an extent of 0 sectors', at);
  if (kind === 'zero') return { kind, length, written: '', baseName: '', fileOffset: 0 };
  return { kind, length, ...named(rest, kind, at) };
}

function named(rest: string, kind: ExtentLine['kind'], at: number): Omit<ExtentLine, 'kind' | 'length'> {
  const first = rest.indexOf('"');
  const last = rest.lastIndexOf('"');
  if (first < 0 || last <= first) throw damaged('an extent line has no quoted name', at);
  const written = rest.slice(first + 1, last);
  const [, offset] = /^\s*(\d+)/.exec(rest.slice(last + 1)) ?? [];
  const fileOffset = kind === 'flat' && offset ? sectorsToBytes(offset, 'offset', at) : 0;
  return { written, baseName: baseNameOf(written, at), fileOffset };
}

/** Both separators count: the descriptor may come from Windows. */
function baseNameOf(written: string, at: number): string {
  const name = written.split(/[\\/]/).at(-1) ?? '';
  if (name === '' || name === '.' || name === '..') throw damaged('an extent line names no file', at);
  return name;
}

function sectorsToBytes(digits: string, what: string, at: number): number {
  if (!/^\d{1,20}$/.test(digits)) throw damaged(`the ${what} of an extent is ${printable(digits)}, not a number`, at);
  const bytes = Number(digits) * SECTOR;
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new DiskferryError(
    'image-limit',
    `VMDK descriptor: the ${what} of an extent is ${digits} sectors, more than 8 PiB`,
    {
      offset: at,
    },
  );
}

/** A name or a word out of the image that may stand in a message: quoted, without control characters, bounded. */
export function printable(text: string): string {
  const clean = text.replaceAll(/[^\P{C}]/gu, '?');
  return JSON.stringify(clean.length > 80 ? `${clean.slice(0, 77)}...` : clean);
}

function damaged(message: string, offset: number): DiskferryError {
  return new DiskferryError('image-damaged', `VMDK descriptor: ${message}`, { offset });
}

function refused(message: string, offset: number): DiskferryError {
  return new DiskferryError('image-unsupported', `VMDK descriptor: ${message}`, { offset });
}
