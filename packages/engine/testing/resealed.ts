import type { ByteStream } from '../src/base/bytes.ts';
import { readBytes } from '../src/base/bytes.ts';
import type { ImageFormat } from '../src/image/image.ts';
import { collect, MemoryBytes, streamOf } from './memory-bytes.ts';

/**
 * A format that sees every file with its checksums made good first. Fuzzing it reaches what lies behind the checksums,
 * which a mutated image otherwise never gets past.
 */
export function resealed(format: ImageFormat, seal: (file: Buffer) => void): ImageFormat {
  const sealed = (content: Uint8Array): Uint8Array => {
    const copy = Buffer.from(content);
    seal(copy);
    return copy;
  };
  const sealedStream = async function* (stream: ByteStream): ByteStream {
    yield* streamOf(sealed(await collect(stream)), [65536, 4096, 511]);
  };
  const { scan } = format;
  return {
    name: format.name,
    probe: (ends) => format.probe(ends),
    open: async (file, around, signal) =>
      format.open(new MemoryBytes(sealed(await readBytes(file, { offset: 0, length: file.size }))), around, signal),
    ...(scan ? { scan: (stream, how) => scan(sealedStream(stream), how) } : {}),
  };
}
