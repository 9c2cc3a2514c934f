import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SecretBox } from './secret-box.ts';
import type { SealedSecret } from './sealed-records.ts';

const box = new SecretBox(new Uint8Array(32).fill(1));
const secret = { link: 'https://planted-secret@h.example/', headers: { 'x-a': '東京' } };

function whyNot(sealed: SealedSecret, by = box): string {
  try {
    by.open(sealed);
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: 'secret-unreadable' });
    return (thrown as Error).message;
  }
  throw new Error('it was opened');
}

describe('SecretBox', () => {
  it('opens what it sealed, which shows nothing of the secret or the key', () => {
    const sealed = box.seal('id-1', secret);
    expect(box.open(sealed)).toEqual(secret);
    const bytes = [JSON.stringify(sealed), Buffer.from(sealed.sealed, 'base64').toString('latin1')].join();
    expect(bytes).not.toContain('planted');
    expect(box.keyId).toMatch(/^[0-9a-f]{16}$/);
    expect(JSON.stringify(box)).toBe(JSON.stringify({ keyId: box.keyId }));
  });

  it('never seals twice with one nonce', () => {
    const nonces = Array.from({ length: 1000 }, () => box.seal('id-1', secret).nonce);
    expect(new Set(nonces).size).toBe(1000);
  });

  it('tells another key from damage', () => {
    const sealed = box.seal('id-1', secret);
    expect(whyNot(sealed, new SecretBox(randomBytes(32)))).toContain('were sealed with the key');
    expect(whyNot({ ...sealed, id: 'id-2' })).toContain('damaged');
  });

  it('refuses every changed bit and every shorter text', () => {
    const sealed = box.seal('id-1', secret);
    for (const field of ['nonce', 'sealed'] as const) {
      const bytes = Buffer.from(sealed[field], 'base64');
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(whyNot({ ...sealed, [field]: changed.toString('base64') })).toContain('damaged');
      }
      for (let length = 0; length < bytes.length; length++) {
        expect(whyNot({ ...sealed, [field]: bytes.subarray(0, length).toString('base64') })).toContain('damaged');
      }
    }
  });

  it('takes a key of 32 bytes only, and does not follow later changes of it', () => {
    expect(() => new SecretBox(new Uint8Array(31))).toThrow('31 bytes');
    const key = randomBytes(32);
    const own = new SecretBox(key);
    const sealed = own.seal('id', secret);
    key.fill(0);
    expect(own.open(sealed)).toEqual(secret);
  });
});
