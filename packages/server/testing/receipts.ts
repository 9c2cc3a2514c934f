import type { Receipt, SignedReceipt } from '../src/receipts/receipt.ts';

export function sampleReceiptBody(changes: Partial<Receipt> = {}): Receipt {
  return {
    receipt: 'diskferry-1',
    migration: { id: 'm-1', name: 'web server', kind: 'instance' },
    by: 'ann',
    createdAt: 1000,
    startedAt: 2000,
    endedAt: 3000,
    images: [
      {
        source: 'https://images.example/web.tar.gz',
        identity: { size: 5000, etag: '"a1"', lastModified: 'Mon, 02 Nov 2026 10:00:00 GMT', version: 'v7' },
        checksum: `sha256:${'a'.repeat(64)}`,
        layers: [
          { kind: 'package', name: 'gzip' },
          { kind: 'package', name: 'tar', member: 'disk.vmdk' },
          { kind: 'image', name: 'vmdk', size: 8_388_608, subformat: 'streamOptimized' },
        ],
        warnings: ['something odd'],
        fileSize: 5000,
        virtualSize: 8_388_608,
        digest: `sha256-4m:${'b'.repeat(64)}`,
        readBack: 'full',
        target: { provider: 'local', volume: 'vol-1', instance: 'i-1', size: 10_737_418_240 },
      },
    ],
    bootProof: {
      verdict: 'booted',
      reached: 'login',
      evidence: ['web login:'],
      seconds: 21,
      accelerator: 'kvm',
      screenshot: true,
    },
    startedInstance: 'i-1',
    worker: 'w1',
    version: '0.1.0',
    ...changes,
  };
}

/** Its signature is none: stores do not look at it. */
export function sampleReceipt(changes: Partial<Receipt> = {}): SignedReceipt {
  const signature = { algorithm: 'Ed25519', publicKey: 'AAAA', value: 'BBBB' } as const;
  return { receipt: sampleReceiptBody(changes), signature };
}
