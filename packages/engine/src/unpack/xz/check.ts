import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { createCRC64 } from 'hash-wasm';
import type { CheckId } from './stream-frame.ts';

/** The check behind each block (xz-file-format section 3.4): over its content. One object serves a whole stream. */
export interface Check {
  /** Bytes of the field in the file. */
  readonly length: number;
  begin(): void;
  update(content: Uint8Array): void;
  /** Called once for each `begin`: the field as it must stand in the file. */
  field(): Uint8Array;
}

export async function openCheck(id: CheckId): Promise<Check> {
  if (id === 0) return { length: 0, begin: nothing, update: nothing, field: () => new Uint8Array(0) };
  if (id === 1) return crc32Check();
  return id === 4 ? crc64Check() : sha256Check();
}

const nothing = (): void => undefined;

function crc32Check(): Check {
  let crc = 0;
  const field = () => {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, crc, true);
    return bytes;
  };
  return { length: 4, begin: () => void (crc = 0), update: (content) => void (crc = crc32(content, crc)), field };
}

/** The polynomial of ECMA-182 reflected, which is the one of xz; the field has its lowest byte first. */
async function crc64Check(): Promise<Check> {
  const hasher = await createCRC64();
  return {
    length: 8,
    begin: () => void hasher.init(),
    update: (content) => void hasher.update(content),
    field: () => hasher.digest('binary').toReversed(),
  };
}

function sha256Check(): Check {
  let hash = createHash('sha256');
  return {
    length: 32,
    begin: () => void (hash = createHash('sha256')),
    update: (content) => void hash.update(content),
    field: () => hash.digest(),
  };
}
