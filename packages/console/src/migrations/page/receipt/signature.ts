import { canonicalJson } from '@diskferry/protocol';
import type { Schemas } from '../../../service/service.ts';

/** `unknown`: this browser cannot check it, or does not here: without TLS it has no cryptography but on the same machine. */
export type SignatureVerdict = 'valid' | 'invalid' | 'unknown';

/**
 * Whether a receipt is as it was signed with the key that it names: Ed25519 over its canonical JSON (RFC 8785), done by the
 * browser itself. Whose key that is, it does not say.
 */
export async function signatureOf({ receipt, signature }: Schemas['SignedReceipt']): Promise<SignatureVerdict> {
  const { subtle } = globalThis.crypto;
  if (subtle === undefined) return 'unknown';
  try {
    const key = await subtle.importKey('raw', bytesOf(signature.publicKey), 'Ed25519', false, ['verify']);
    const text = new TextEncoder().encode(canonicalJson(receipt));
    return (await subtle.verify('Ed25519', key, bytesOf(signature.value), text)) ? 'valid' : 'invalid';
  } catch (error) {
    // A browser from before Ed25519.
    if (error instanceof DOMException && error.name === 'NotSupportedError') return 'unknown';
    return 'invalid';
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
