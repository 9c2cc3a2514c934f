import { Type } from 'typebox';
import { answered } from './shapes.ts';

/** What proves the result; `diskferry receipt verify` checks it. */
export const ReceiptView = answered('SignedReceipt', {
  receipt: Type.Object({ receipt: Type.Literal('diskferry-1') }, { additionalProperties: true }),
  signature: answered('ReceiptSignature', {
    algorithm: Type.Literal('Ed25519'),
    publicKey: Type.String(),
    value: Type.String(),
  }),
});
