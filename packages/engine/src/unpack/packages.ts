import { bzip2 } from './bzip2/bzip2.ts';
import { gzip } from './gzip/gzip.ts';
import type { Archive, Compression } from './package.ts';
import { tar } from './tar/tar.ts';
import { xz } from './xz/xz.ts';
import { zip } from './zip/zip.ts';
import { zstd } from './zstd/zstd.ts';

/** The packages that are read. Marks of several bytes first: the checksum of a tar header is the weakest of them. */
export const COMPRESSIONS: readonly Compression[] = [xz, zstd, bzip2, gzip];
export const ARCHIVES: readonly Archive[] = [zip, tar];

/** The package that the head of a file (512 bytes or more where there are so many) shows, or undefined. */
export function probePackage(head: Uint8Array): Compression | Archive | undefined {
  return [...COMPRESSIONS, ...ARCHIVES].find((kind) => kind.probe(head));
}

/** Packages that are known by their mark and not read: naming them keeps them from being taken for a raw disk. */
const UNSUPPORTED: readonly { readonly name: string; readonly mark: Uint8Array; readonly at?: number }[] = [
  { name: '7-Zip (.7z)', mark: Buffer.from('377abcaf271c', 'hex') },
  { name: 'RAR', mark: Buffer.from('Rar!\x1a\x07', 'latin1') },
  { name: 'LZ4', mark: Buffer.from('04224d18', 'hex') },
  { name: 'LZ4 (legacy frame)', mark: Buffer.from('02214c18', 'hex') },
  { name: 'LZMA alone (.lzma)', mark: Buffer.from('5d0000', 'hex') },
  { name: 'lzip (.lz)', mark: Buffer.from('LZIP', 'latin1') },
  { name: 'lzop (.lzo)', mark: Buffer.from('894c5a4f000d0a1a0a', 'hex') },
  { name: 'compress (.Z)', mark: Buffer.from('1f9d', 'hex') },
  { name: 'pack (.z)', mark: Buffer.from('1f1e', 'hex') },
  { name: 'LZFSE', mark: Buffer.from('bvx2', 'latin1') },
  { name: 'a Windows cabinet (.cab)', mark: Buffer.from('MSCF\0\0\0\0', 'latin1') },
  { name: 'ARJ', mark: Buffer.from('60ea', 'hex') },
  { name: 'LHA (-lh5-)', mark: Buffer.from('-lh5-', 'latin1'), at: 2 },
  { name: 'cpio (newc)', mark: Buffer.from('070701', 'latin1') },
  { name: 'cpio (crc)', mark: Buffer.from('070702', 'latin1') },
  { name: 'cpio (odc)', mark: Buffer.from('070707', 'latin1') },
  { name: 'ar or a Debian package', mark: Buffer.from('!<arch>\n', 'latin1') },
  { name: 'an RPM package', mark: Buffer.from('edabeedb', 'hex') },
  { name: 'XAR', mark: Buffer.from('xar!', 'latin1') },
  { name: 'a zip in several parts', mark: Buffer.from('PK\x07\x08PK\x03\x04', 'latin1') },
  { name: 'an old zstd version', mark: Buffer.from('b52ffd', 'hex'), at: 1 },
  { name: 'bzip version 1', mark: Buffer.from('BZ0', 'latin1') },
];

/** The name of a package that cannot be read, by the head of the file, or undefined. */
export function unsupportedPackage(head: Uint8Array): string | undefined {
  const known = probePackage(head) !== undefined;
  return known ? undefined : UNSUPPORTED.find(({ mark, at = 0 }) => begins(head.subarray(at), mark))?.name;
}

function begins(head: Uint8Array, mark: Uint8Array): boolean {
  return Buffer.compare(head.subarray(0, mark.length), mark) === 0;
}
