import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleReceiptBody } from '../../testing/receipts.ts';
import type { Receipt } from './receipt.ts';
import { signReceipt } from './sign-receipt.ts';
import { loadSigningKey, SigningKey } from './signing-key.ts';
import { verifyReceipt } from './verify-receipt.ts';

const key = new SigningKey(new Uint8Array(32).fill(3));
const signed = signReceipt(sampleReceiptBody(), key);
const { publicKey } = key;

type Path = readonly (string | number)[];

/** Every member and item, inner ones as well. */
function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inside = Object.entries(value).flatMap(([name, part]) => placesIn(part, [...path, name]));
  return path.length > 0 ? [path, ...inside] : inside;
}

function at(value: unknown, path: Path): unknown {
  return path.reduce((part, name) => (part as Record<string, unknown>)[name], value);
}

/** A copy in which one place has another value, or is gone where that is undefined. */
function altered(path: Path, make: (old: unknown) => unknown): unknown {
  const copy = structuredClone(signed) as unknown;
  const holder = at(copy, path.slice(0, -1)) as Record<string, unknown>;
  const name = String(path.at(-1));
  const made = make(holder[name]);
  if (made === undefined) delete holder[name];
  else holder[name] = made;
  return copy;
}

function tampered(old: unknown): unknown {
  if (typeof old === 'number') return old + 1;
  if (typeof old === 'string') return old === 'full' ? 'none' : `${old.slice(0, -1)}${old.endsWith('A') ? 'B' : 'A'}`;
  return Array.isArray(old) ? [...(old as unknown[]), ...(old as unknown[])] : null;
}

describe('verifyReceipt()', () => {
  it('takes what was signed, as JSON or as text, whatever the order of members and the spaces', () => {
    expect(verifyReceipt(signed, { publicKey })).toMatchObject({ valid: true, receipt: sampleReceiptBody() });
    expect(verifyReceipt(signed)).toMatchObject({ valid: true, why: expect.stringContaining(publicKey) });
    const { signature, receipt } = signed;
    const turned = { signature, receipt: Object.fromEntries(Object.entries(receipt).toReversed()) };
    expect(verifyReceipt(JSON.stringify(turned, null, 4), { publicKey }).valid).toBe(true);
  });

  it('refuses every change of every place, and every place taken out', () => {
    const places = placesIn(signed);
    expect(places.length).toBeGreaterThan(45);
    const taken = places.filter((path) => {
      const optional = verifyReceipt(
        altered(path, () => undefined),
        { publicKey },
      );
      return optional.valid || verifyReceipt(altered(path, tampered), { publicKey }).valid;
    });
    expect(taken).toEqual([]);
  });

  it('refuses a member more, at every level', () => {
    const holders = [[], ...placesIn(signed)].filter((path) => {
      const value = at(signed, path);
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    });
    expect(holders.length).toBeGreaterThan(7);
    for (const path of holders) {
      for (const name of ['more', '__proto__', 'toString']) {
        const copy = JSON.parse(JSON.stringify(signed)) as unknown;
        Object.defineProperty(at(copy, path) as object, name, { value: 1, enumerable: true });
        expect(verifyReceipt(JSON.stringify(copy), { publicKey }).valid).toBe(false);
      }
    }
  });

  it('refuses every changed bit of the signature and of the key', () => {
    for (const name of ['value', 'publicKey'] as const) {
      const bytes = Buffer.from(signed.signature[name], 'base64');
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const copy = { ...signed, signature: { ...signed.signature, [name]: changed.toString('base64') } };
        expect(verifyReceipt(copy).valid).toBe(false);
      }
    }
    for (const value of [`${signed.signature.value}\n`, signed.signature.value.replace(/==$/, ''), '']) {
      expect(verifyReceipt({ ...signed, signature: { ...signed.signature, value } }).valid).toBe(false);
    }
  });

  it('tells a receipt that somebody else signed, where the key is given', () => {
    const other = signReceipt(sampleReceiptBody(), new SigningKey(new Uint8Array(32).fill(4)));
    expect(verifyReceipt(other).valid).toBe(true);
    expect(verifyReceipt(other, { publicKey })).toMatchObject({
      valid: false,
      why: expect.stringContaining('not with the one'),
    });
    const mixed = { receipt: signed.receipt, signature: { ...signed.signature, publicKey: other.signature.publicKey } };
    expect(verifyReceipt(mixed)).toMatchObject({ valid: false, why: expect.stringContaining('was changed') });
  });

  it('answers to anything, and in time', () => {
    const huge = [
      'x'.repeat(20 * 2 ** 20),
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      JSON.stringify({ ...signed, receipt: { ...signed.receipt, images: Array(100_000).fill(0) } }),
      JSON.stringify({ ...signed, receipt: { ...signed.receipt, by: 'x'.repeat(1e6) } }),
      '{"receipt":{"receipt":"diskferry-1"}}',
      '',
    ];
    const begin = performance.now();
    for (const text of huge) expect(verifyReceipt(text).valid).toBe(false);
    expect(performance.now() - begin).toBeLessThan(5000);
    fc.assert(fc.property(fc.anything(), (value) => void expect(verifyReceipt(value).valid).toBe(false)));
  });
});

describe('signReceipt()', () => {
  it('signs what JSON keeps of it, and nothing that could not be checked', () => {
    const [image] = sampleReceiptBody().images;
    if (!image) throw new Error('the sample has no image');
    const images = [{ ...image, identity: { size: undefined, etag: undefined } }];
    const made = signReceipt(sampleReceiptBody({ images }), key);
    expect(made.receipt.images[0]?.identity).toEqual({});
    expect(verifyReceipt(JSON.stringify(made), { publicKey }).valid).toBe(true);
    for (const wrong of [{ endedAt: 1.5 }, { by: 'x'.repeat(1001) }, { secret: 'x' }]) {
      const receipt = { ...sampleReceiptBody(), ...wrong } as Receipt;
      expect(() => signReceipt(receipt, key)).toThrow(expect.objectContaining({ code: 'internal-error' }));
    }
  });
});

describe('SigningKey', () => {
  it('signs as RFC 8032 says, section 7.1, test 1', () => {
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
    const known = new SigningKey(seed);
    expect(Buffer.from(known.publicKey, 'base64').toString('hex')).toBe(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    );
    expect(Buffer.from(known.sign(''), 'base64').toString('hex')).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
  });

  it('is the same after a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'diskferry-key-'));
    try {
      const first = await loadSigningKey(join(folder, 'signing.key'));
      expect((await loadSigningKey(join(folder, 'signing.key'))).publicKey).toBe(first.publicKey);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
