import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { ServiceError } from '../base/errors.ts';
import type { SealedSecret } from './sealed-records.ts';
import type { Secret } from './secret.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals with AES-256-GCM, a random nonce each time. The id is authenticated with it: what was sealed under one id opens under
 * no other. The id of the key lies beside it, so that another key is told from damage.
 */
export class SecretBox {
  readonly keyId: string;
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    if (key.length !== KEY_BYTES) throw new RangeError(`a key of ${key.length} bytes; ${KEY_BYTES} are needed`);
    this.#key = Uint8Array.from(key);
    this.keyId = createHmac('sha256', this.#key).update('diskferry key id').digest('hex').slice(0, 16);
  }

  seal(id: string, secret: Secret): SealedSecret {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(id));
    const parts = [cipher.update(JSON.stringify(secret)), cipher.final(), cipher.getAuthTag()];
    return {
      id,
      keyId: this.keyId,
      nonce: nonce.toString('base64'),
      sealed: Buffer.concat(parts).toString('base64'),
    };
  }

  /** @throws ServiceError `secret-unreadable` */
  open({ id, keyId, nonce, sealed }: SealedSecret): Secret {
    if (keyId !== this.keyId) {
      throw unreadable(id, `they were sealed with the key ${keyId}, and the key here is ${this.keyId}`);
    }
    const bytes = Buffer.from(sealed, 'base64');
    const iv = Buffer.from(nonce, 'base64');
    if (iv.length !== NONCE_BYTES || bytes.length < TAG_BYTES) throw unreadable(id, 'they are damaged');
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(id)).setAuthTag(bytes.subarray(-TAG_BYTES));
      const text = Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]);
      return JSON.parse(text.toString('utf8')) as Secret;
    } catch {
      // Without the cause: what the parser says could hold a part of the text.
      throw unreadable(id, 'they are damaged');
    }
  }
}

function unreadable(id: string, why: string): ServiceError {
  return new ServiceError('secret-unreadable', `the credentials ${id} cannot be opened: ${why}`);
}
