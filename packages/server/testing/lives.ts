import type { BootProof } from '@diskferry/protocol';
import type { MigrationEvent } from '../src/migrations/event.ts';

/** What a worker says of a migration of two images, up to where the first is on its disk half. */
export const HALF_WAY: readonly MigrationEvent[] = [
  { kind: 'taken', worker: 'w1' },
  { kind: 'locked' },
  {
    kind: 'checked',
    instanceRuns: true,
    images: [
      { identity: 'etag-a', size: 1000 },
      { identity: 'etag-b', size: 500 },
    ],
  },
  { kind: 'stopped' },
  { kind: 'write-began', image: 0 },
  { kind: 'progressed', image: 0, bytes: 610 },
];

export const THE_REST: readonly MigrationEvent[] = [
  { kind: 'progressed', image: 0, bytes: 1000 },
  { kind: 'landed', image: 0 },
  { kind: 'write-began', image: 1 },
  { kind: 'landed', image: 1 },
  { kind: 'transferred' },
  { kind: 'verified' },
  { kind: 'started' },
];

export const BOOTED: BootProof = {
  verdict: 'booted',
  reached: 'login',
  evidence: ['web login:'],
  seconds: 21,
  accelerator: 'tcg',
  screenshot: false,
};
export const BOOT_FAILED: BootProof = { ...BOOTED, verdict: 'failed', reached: 'initramfs-shell' };

/** What brings a migration on, wherever it stands. */
export const ONWARD: readonly MigrationEvent[] = [
  ...HALF_WAY,
  ...THE_REST,
  { kind: 'landed', image: 1 },
  { kind: 'proved', proof: BOOTED },
  { kind: 'resume-asked', by: 'ann' },
  { kind: 'retry-asked', by: 'ann' },
];

/** What may come between. */
export const ASIDE: readonly MigrationEvent[] = [
  { kind: 'pause-asked', by: 'ann' },
  { kind: 'paused' },
  { kind: 'cancel-asked', by: 'ann' },
  { kind: 'cancelled', goesOn: true },
  { kind: 'cancelled', goesOn: false },
  { kind: 'failed', code: 'io', message: 'a fault', goesOn: true },
  { kind: 'failed', code: 'io', message: 'a fault', goesOn: false },
  { kind: 'proved', proof: BOOT_FAILED },
  { kind: 'resume-asked', by: 'ann', accept: ['boot-failed'] },
  { kind: 'wait-began', for: 'worker', detail: null },
  { kind: 'wait-began', for: 'link', detail: 'the link has expired' },
  { kind: 'wait-began', for: 'person', detail: null },
  { kind: 'link-replaced', image: 0, link: 'https://images.example/new', credentials: null, by: 'ann' },
  { kind: 'bandwidth-changed', bandwidth: 5_000_000, by: 'ann' },
];
