import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { loadKeyFile } from '../base/key-file.ts';

/** What stands in front of the 32 bytes of an Ed25519 key in DER: RFC 8410. */
const PRIVATE = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC = Buffer.from('302a300506032b6570032100', 'hex');

/** Signs receipts. Its private half never leaves it. */
export class SigningKey {
  /** Raw, base64: what a receipt names, and who checks it must know from elsewhere. */
  readonly publicKey: string;
  readonly #private: KeyObject;

  constructor(seed: Uint8Array) {
    this.#private = createPrivateKey({ key: Buffer.concat([PRIVATE, seed]), format: 'der', type: 'pkcs8' });
    const der = createPublicKey(this.#private).export({ format: 'der', type: 'spki' });
    this.publicKey = der.subarray(PUBLIC.length).toString('base64');
  }

  sign(text: string): string {
    return sign(null, Buffer.from(text), this.#private).toString('base64');
  }
}

/** The key in this file, which is made at the first start. @throws ServiceError `key-unusable` */
export async function loadSigningKey(file: string): Promise<SigningKey> {
  return new SigningKey(await loadKeyFile(file));
}

/** Undefined where the text is not exactly the base64 of a key. */
export function parsePublicKey(text: string): KeyObject | undefined {
  const raw = exactBase64(text, 32);
  return raw && createPublicKey({ key: Buffer.concat([PUBLIC, raw]), format: 'der', type: 'spki' });
}

/** Only the one text that these bytes have: no second signature that is as good. */
export function exactBase64(text: string, bytes: number): Buffer | undefined {
  const raw = Buffer.from(text, 'base64');
  return raw.length === bytes && raw.toString('base64') === text ? raw : undefined;
}
