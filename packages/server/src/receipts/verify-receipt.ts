import { verify } from 'node:crypto';
import { canonicalJson } from '@diskferry/protocol';
import { SIGNED_SHAPE } from './receipt-shape.ts';
import type { SignedReceipt } from './receipt.ts';
import { exactBase64, parsePublicKey } from './signing-key.ts';

/** Of a file that is read as a receipt. */
export const LARGEST_RECEIPT = 16 * 2 ** 20;

export interface Verified {
  readonly valid: boolean;
  /** A sentence either way. */
  readonly why: string;
  /** Only where it is valid. */
  readonly receipt?: SignedReceipt['receipt'];
}

/**
 * Whether a receipt is as it was signed, and by the key `publicKey` where that is given: without it, anybody may have signed
 * it. Needs nothing but what is given. Takes anything: text, or JSON that was read.
 */
export function verifyReceipt(given: unknown, { publicKey }: { readonly publicKey?: string } = {}): Verified {
  const value = typeof given === 'string' ? parse(given) : given;
  if (value === undefined) return no('it is not JSON');
  const fault = SIGNED_SHAPE(value, '');
  if (fault !== undefined) return no(`it is not a receipt of Diskferry: see ${fault === '' ? 'its beginning' : fault}`);
  const { receipt, signature } = value as SignedReceipt;
  const key = parsePublicKey(signature.publicKey);
  const bytes = exactBase64(signature.value, 64);
  if (!key || !bytes) return no('its signature is not one');
  if (!verify(null, Buffer.from(canonicalJson(receipt)), key, bytes)) {
    return no('it was changed after it was signed, or signed with another key than it says');
  }
  if (publicKey === undefined) {
    return {
      valid: true,
      why: `it is as it was signed with the key ${signature.publicKey}, whosever that is`,
      receipt,
    };
  }
  if (publicKey !== signature.publicKey)
    return no(`it was signed with the key ${signature.publicKey}, not with the one given`);
  return { valid: true, why: 'it is as it was signed with the key given', receipt };
}

function parse(text: string): unknown {
  if (text.length > LARGEST_RECEIPT) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function no(why: string): Verified {
  return { valid: false, why };
}
