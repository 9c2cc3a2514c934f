import { MiB } from '../../base/align.ts';
import { DiskferryError } from '../../base/errors.ts';
import { descriptorFault } from './xml.ts';

export type DigestAlgorithm = 'sha1' | 'sha256' | 'sha512';

export interface Digest {
  readonly algorithm: DigestAlgorithm;
  /** In lower case. */
  readonly hex: string;
}

export const MANIFEST_LIMIT = 1 * MiB;
const HEX_LENGTHS: Readonly<Record<DigestAlgorithm, number>> = { sha1: 40, sha256: 64, sha512: 128 };
const LINE = /^(SHA1|SHA256|SHA512|SHA-1|SHA-256|SHA-512)\s?\((.+)\)\s*=\s*([0-9a-fA-F]+)$/;

/**
 * Digests by member name from an OVF manifest (DMTF DSP0243 2.1.1 section 6.2): lines `SHA256(name)= hex`; ovftool
 * puts a space before the parenthesis.
 * @throws DiskferryError `package-descriptor`, `package-limit`
 */
export function parseManifest(bytes: Uint8Array): ReadonlyMap<string, Digest> {
  if (bytes.length > MANIFEST_LIMIT) {
    throw new DiskferryError(
      'package-limit',
      `an OVA manifest of ${bytes.length} bytes; ${MANIFEST_LIMIT} are allowed`,
    );
  }
  const digests = new Map<string, Digest>();
  const lines = Buffer.from(bytes).toString('utf8').split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const { name, digest } = parseLine(line.trim(), index + 1);
    const before = digests.get(name);
    if (before?.algorithm === digest.algorithm && before.hex !== digest.hex) {
      throw descriptorFault(`line ${index + 1} of the OVA manifest contradicts an earlier one`);
    }
    digests.set(name, digest);
  }
  return digests;
}

function parseLine(line: string, number: number): { name: string; digest: Digest } {
  const [, kind, name, hex] = LINE.exec(line) ?? [];
  const algorithm = kind?.replace('-', '').toLowerCase() as DigestAlgorithm | undefined;
  if (algorithm === undefined || name === undefined || hex?.length !== HEX_LENGTHS[algorithm]) {
    throw descriptorFault(`line ${number} of the OVA manifest is no SHA1, SHA256 or SHA512 digest of a member`);
  }
  return { name, digest: { algorithm, hex: hex.toLowerCase() } };
}
