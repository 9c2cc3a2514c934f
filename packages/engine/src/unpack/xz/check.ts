import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { createCRC64 } from 'hash-wasm';
import type { CheckId } from './stream-frame.ts';

/** The check behind each block (xz-file-format section 3.4): over its content. */
export interface Check {
  /** Bytes of the field in the file. */
  readonly length: number;
  update(content: Uint8Array): void;
  /** Called once, after the last update: the field as it must stand in the file. */
  field(): Uint8Array;
}

export const CHECK_LENGTHS: Readonly<Record<CheckId, number>> = { 0: 0, 1: 4, 4: 8, 10: 32 };

export async function openCheck(id: CheckId): Promise<Check> {
  const length = CHECK_LENGTHS[id];
  if (id === 0) return { length, update: () => undefined, field: () => new Uint8Array(0) };
  if (id === 1) return crc32Check();
  if (id === 4) {
    // The polynomial of ECMA-182 reflected, which is the one of xz; the field has its lowest byte first.
    const hasher = (await createCRC64()).init();
    return {
      length,
      update: (content) => void hasher.update(content),
      field: () => hasher.digest('binary').toReversed(),
    };
  }
  const hash = createHash('sha256');
  return { length, update: (content) => void hash.update(content), field: () => hash.digest() };
}

function crc32Check(): Check {
  let crc = 0;
  const field = () => {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, crc, true);
    return bytes;
  };
  return { length: 4, update: (content) => void (crc = crc32(content, crc)), field };
}
