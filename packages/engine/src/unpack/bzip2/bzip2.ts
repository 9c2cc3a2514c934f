import type { ByteStream } from '../../base/bytes.ts';
import type { Compression, UnpackOptions } from '../package.ts';
import { levelOf } from './level.ts';

/**
 * bzip2 in one pass and about 10 MiB: streams one after another, each of blocks that are decoded on their own. There is
 * no specification of the format; bzip2 1.0.8 and the corpus are the authority.
 */
export const bzip2: Compression = { kind: 'compression', name: 'bzip2', probe, decode };

function probe(head: Uint8Array): boolean {
  return levelOf(head) !== undefined && (head.length < 10 || [0x31, 0x17].includes(head[4] ?? 0));
}

async function* decode(packed: ByteStream, options?: UnpackOptions): ByteStream {
  const { decodeBzip2 } = await import('./decode-bzip2.ts');
  yield* decodeBzip2(packed, options);
}
