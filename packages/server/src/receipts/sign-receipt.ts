import { ServiceError } from '../base/errors.ts';
import { canonicalJson } from '@diskferry/protocol';
import { RECEIPT_SHAPE } from './receipt-shape.ts';
import type { Receipt, SignedReceipt } from './receipt.ts';
import type { SigningKey } from './signing-key.ts';

/** @throws ServiceError `internal-error` where it is not a receipt that anybody could check */
export function signReceipt(receipt: Receipt, key: SigningKey): SignedReceipt {
  const text = canonicalJson(receipt);
  const signed = JSON.parse(text) as Receipt;
  const fault = RECEIPT_SHAPE(signed, '');
  if (fault !== undefined) throw new ServiceError('internal-error', `the receipt cannot be signed: see ${fault}`);
  return {
    receipt: signed,
    signature: { algorithm: 'Ed25519', publicKey: key.publicKey, value: key.sign(text) },
  };
}
