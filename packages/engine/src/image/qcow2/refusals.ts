import { DiskferryError } from '../../base/errors.ts';
import { shownName, type Extensions } from './extensions.ts';
import type { Header } from './header.ts';

/** Bits of `incompatible_features`: a reader must know every bit that is set. */
export const INCOMPATIBLE = {
  dirty: 1n << 0n,
  corrupt: 1n << 1n,
  externalData: 1n << 2n,
  compressionType: 1n << 3n,
  extendedL2: 1n << 4n,
} as const;
const KNOWN = Object.values(INCOMPATIBLE).reduce((all, bit) => all | bit, 0n);
const FIELD = 72;

/**
 * Refuses by name what cannot be read, or must not be: everything that lies outside the file comes first.
 * @param cluster the first cluster of the file, for the names that messages show
 */
export function refuseUnreadable(header: Header, extensions: Extensions, cluster: Uint8Array): void {
  refuseExternalData(header, extensions);
  refuseBackingFile(header, cluster);
  refuseEncryption(header, extensions);
  if (has(header, INCOMPATIBLE.corrupt)) {
    throw new DiskferryError('image-corrupt', 'the corrupt bit is set', { offset: FIELD });
  }
  refuseUnknownBits(header, extensions);
  checkCompression(header);
  if (has(header, INCOMPATIBLE.extendedL2) && header.clusterBits < 14) {
    throw damaged(`extended L2 entries with cluster_bits ${header.clusterBits}, less than 14`, 20);
  }
}

export function has(header: Header, bit: bigint): boolean {
  return (header.incompatible & bit) !== 0n;
}

function refuseExternalData(header: Header, { externalData }: Extensions): void {
  if (!externalData && !has(header, INCOMPATIBLE.externalData)) return;
  const name = externalData ? ` ${externalData.name}` : '';
  const message = `the data is in an external file${name}, which is not opened`;
  throw new DiskferryError('image-external-data', message, { offset: externalData?.at ?? FIELD });
}

function refuseBackingFile({ backingName }: Header, cluster: Uint8Array): void {
  if (!backingName) return;
  const { offset, length } = backingName;
  const name = shownName(cluster.subarray(offset, offset + length));
  throw new DiskferryError('image-backing-file', `the image needs the backing file ${name}, which is not opened`, {
    offset: 8,
  });
}

function refuseEncryption(header: Header, { encryption }: Extensions): void {
  const method = header.cryptMethod;
  if (method !== 0) {
    const name = ['none', 'AES', 'LUKS'][method] ?? `unknown method ${method}`;
    throw new DiskferryError('image-encrypted', `the image is encrypted (${name})`, { offset: 32 });
  }
  if (encryption) throw damaged('an encryption header in an image that is not encrypted', encryption.at);
}

function refuseUnknownBits(header: Header, { featureNames }: Extensions): void {
  const unknown = header.incompatible & ~KNOWN;
  if (unknown === 0n) return;
  const bits = Array.from({ length: 64 }, (_, bit) => bit).filter((bit) => (unknown >> BigInt(bit)) & 1n);
  const named = bits.slice(0, 4).map((bit) => `bit ${bit} (${featureNames.get(bit) ?? 'no name'})`);
  const more = bits.length > named.length ? ` and ${bits.length - named.length} more` : '';
  const message = `the image uses unknown incompatible features: ${named.join(', ')}${more}`;
  throw new DiskferryError('image-unsupported', message, { offset: FIELD });
}

function checkCompression(header: Header): void {
  const flagged = has(header, INCOMPATIBLE.compressionType);
  const type = header.compressionType;
  if (flagged !== (type !== 0)) {
    throw damaged(`compression type ${type} with the compression type bit ${flagged ? 'set' : 'clear'}`, 104);
  }
  if (type <= 1) return;
  throw new DiskferryError('image-unsupported', `compression type ${type}; zlib (0) and zstd (1) are read`, {
    offset: 104,
  });
}

function damaged(message: string, offset: number): DiskferryError {
  return new DiskferryError('image-damaged', message, { offset });
}
