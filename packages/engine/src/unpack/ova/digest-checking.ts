import { createHash } from 'node:crypto';
import type { ByteStream } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import type { Digest } from './manifest.ts';

/**
 * The stream as it is, with its digest compared at its end: a consumer that stops early has proven nothing.
 * @throws DiskferryError `package-digest` behind the last chunk
 */
export async function* digestChecking(stream: ByteStream, digest: Digest, name: string): ByteStream {
  const hash = createHash(digest.algorithm);
  for await (const chunk of stream) {
    hash.update(chunk);
    yield chunk;
  }
  checkDigest(hash.digest('hex'), digest, name);
}

/** @throws DiskferryError `package-digest` */
export function checkDigest(found: string, digest: Digest, name: string): void {
  if (found === digest.hex) return;
  throw new DiskferryError(
    'package-digest',
    `${digest.algorithm} of ${name} is ${found}; the manifest gives ${digest.hex}`,
  );
}
