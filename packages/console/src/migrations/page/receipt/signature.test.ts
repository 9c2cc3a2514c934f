import { generateKeyPairSync, sign } from 'node:crypto';
import { canonicalJson } from '@diskferry/protocol';
import { afterEach, expect, it, vi } from 'vitest';
import type { Schemas } from '../../../service/service.ts';
import { signatureOf } from './signature.ts';

const KEYS = generateKeyPairSync('ed25519');
const PUBLIC = KEYS.publicKey.export({ format: 'der', type: 'spki' }).subarray(12).toString('base64');

function signed(receipt: object): Schemas['SignedReceipt'] {
  const value = sign(null, Buffer.from(canonicalJson(receipt)), KEYS.privateKey).toString('base64');
  return {
    receipt,
    signature: { algorithm: 'Ed25519', publicKey: PUBLIC, value },
  } as unknown as Schemas['SignedReceipt'];
}

afterEach(() => void vi.unstubAllGlobals());

it('is valid for what was signed, in whatever order its members come', async () => {
  const receipt = signed({ b: 1, a: { d: 'ä', c: null } });
  expect(await signatureOf(receipt)).toBe('valid');
  const turned = { ...receipt, receipt: { a: { c: null, d: 'ä' }, b: 1 } } as unknown as Schemas['SignedReceipt'];
  expect(await signatureOf(turned)).toBe('valid');
});

it('is invalid for what was changed, and for what is no signature', async () => {
  const receipt = signed({ a: 1 });
  expect(await signatureOf({ ...receipt, receipt: { a: 2 } } as unknown as Schemas['SignedReceipt'])).toBe('invalid');
  for (const value of ['', '%%%', 'AAAA']) {
    const signature = { ...receipt.signature, value };
    expect(await signatureOf({ ...receipt, signature })).toBe('invalid');
  }
  expect(await signatureOf({ ...receipt, signature: { ...receipt.signature, publicKey: 'x' } })).toBe('invalid');
});

it('is not told where the browser has no cryptography', async () => {
  vi.stubGlobal('crypto', {});
  expect(await signatureOf(signed({ a: 1 }))).toBe('unknown');
});
