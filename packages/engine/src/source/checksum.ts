import { createHash } from 'node:crypto';
import type { ByteStream } from '../base/bytes.ts';
import { DiskferryError } from '../base/errors.ts';
import type { Ask, Source } from './source.ts';
import { wrapped } from './wrapped.ts';

/** What the object or file should have, as it lies there. `value` is lower-case hex. */
export interface Checksum {
  readonly algorithm: Algorithm;
  readonly value: string;
}

/** Digits of hex. `crc64ecma` is the CRC-64 of ECMA-182 as COS and xz use it. */
const DIGITS = { md5: 32, sha1: 40, sha256: 64, sha512: 128, crc64ecma: 16 } as const;

export type Algorithm = keyof typeof DIGITS;

/**
 * `ALG:HEX`; a CRC may also be in decimal, as COS shows it. Sixteen digits are taken as hex.
 * @throws DiskferryError `usage`
 */
export function parseChecksum(text: string): Checksum {
  const [name = '', value = ''] = text.trim().toLowerCase().split(':', 2);
  if (!Object.hasOwn(DIGITS, name)) {
    throw new DiskferryError(
      'usage',
      `the checksum ${name.slice(0, 20)} is not one of ${Object.keys(DIGITS).join(', ')}`,
    );
  }
  const algorithm = name as Algorithm;
  const hex = algorithm === 'crc64ecma' && value.length !== 16 ? decimalToHex(value) : value;
  if (hex !== undefined && hex.length === DIGITS[algorithm] && /^[0-9a-f]+$/.test(hex))
    return { algorithm, value: hex };
  throw new DiskferryError(
    'usage',
    `a ${algorithm} has ${DIGITS[algorithm]} hex digits, this has ${value.length} characters`,
  );
}

function decimalToHex(text: string): string | undefined {
  if (!/^\d{1,20}$/.test(text) || BigInt(text) >= 1n << 64n) return undefined;
  return BigInt(text).toString(16).padStart(16, '0');
}

/**
 * Compares the object with its checksums whenever it is read whole and in order: with `declared`, and with the CRC that
 * the store told at `identify`. The stream then fails at its end with `source-checksum`. Belongs around `withRetry`.
 */
export function withChecksum(source: Source, declared?: Checksum): Source {
  let told: Checksum | undefined;
  return wrapped(source, {
    identify: async (signal) => {
      const found = await source.identify(signal);
      told = toldBy(found.digests);
      return found;
    },
    stream: async (ask) => {
      const stream = await source.stream(ask);
      const checksums = [declared, told].filter((checksum) => checksum !== undefined);
      return isWhole(ask) && checksums.length > 0 ? checked(stream, checksums, source.label) : stream;
    },
  });
}

/** The store's MD5 is left out: it is a note of whoever uploaded the object, and the CRC is the store's own. */
function toldBy(digests: Readonly<Record<string, string>> | undefined): Checksum | undefined {
  const value = decimalToHex(digests?.['crc64ecma'] ?? '');
  return value === undefined ? undefined : { algorithm: 'crc64ecma', value };
}

function isWhole({ range, expect }: Ask): boolean {
  return range === undefined || (range.offset === 0 && range.length === expect.size);
}

async function* checked(stream: ByteStream, checksums: readonly Checksum[], label: string): ByteStream {
  const digests = await Promise.all(checksums.map(({ algorithm }) => startDigest(algorithm)));
  for await (const chunk of stream) {
    for (const digest of digests) digest.update(chunk);
    yield chunk;
  }
  for (const [turn, { algorithm, value }] of checksums.entries()) {
    const found = digests[turn]?.hex();
    if (found === value) continue;
    throw new DiskferryError('source-checksum', `${label}: its ${algorithm} is ${found}, it should be ${value}`);
  }
}

/** A digest that grows with the bytes. `hex` ends it. */
export interface Digest {
  update(bytes: Uint8Array): void;
  hex(): string;
}

export async function startDigest(algorithm: Algorithm): Promise<Digest> {
  if (algorithm === 'crc64ecma') {
    const { createCRC64 } = await import('hash-wasm');
    const crc = (await createCRC64()).init();
    return { update: (bytes) => void crc.update(bytes), hex: () => crc.digest('hex') };
  }
  const hash = createHash(algorithm);
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
}
