import * as fc from 'fast-check';
import { BOOT_FAILED, BOOTED } from './lives.ts';
import type { MigrationEvent } from '../src/migrations/event.ts';

const image = fc.nat(2);
const goesOn = fc.boolean();
const by = fc.constantFrom('ann', 'bo');
const checked = fc.record({ identity: fc.constantFrom('etag-a', 'etag-b'), size: fc.constantFrom(0, 100, 1000, null) });

/** Any event, fitting or not: each kind as often as the others. */
const anyEvent: fc.Arbitrary<MigrationEvent> = fc.oneof(
  fc.record({ kind: fc.constant('taken' as const), worker: fc.constantFrom('w1', 'w2') }),
  fc.constant({ kind: 'locked' as const }),
  fc.record({
    kind: fc.constant('checked' as const),
    images: fc.array(checked, { minLength: 1, maxLength: 3 }),
    instanceRuns: fc.boolean(),
  }),
  fc.constantFrom<MigrationEvent>(
    { kind: 'stopped' },
    { kind: 'transferred' },
    { kind: 'verified' },
    { kind: 'proved', proof: BOOTED },
    { kind: 'proved', proof: BOOT_FAILED },
    { kind: 'started' },
    { kind: 'paused' },
  ),
  fc.record({ kind: fc.constantFrom('write-began' as const, 'landed' as const), image }),
  fc.record({ kind: fc.constant('write-began' as const), image, upTo: fc.constant(2000) }),
  fc.record({ kind: fc.constant('landed' as const), image, size: fc.constantFrom(100, 1000, 1200) }),
  fc.record({ kind: fc.constant('progressed' as const), image, bytes: fc.integer({ min: -1, max: 1001 }) }),
  fc.record({
    kind: fc.constant('wait-began' as const),
    for: fc.constantFrom('worker' as const, 'link' as const, 'credentials' as const, 'person' as const),
    detail: fc.constantFrom(null, 'the link has expired'),
  }),
  fc.constant({ kind: 'wait-began' as const, for: 'person' as const, detail: 'x', code: 'boot-failed' }),
  fc.record({ kind: fc.constant('cancelled' as const), goesOn }),
  fc.record({ kind: fc.constant('failed' as const), code: fc.constant('io'), message: fc.constant('a fault'), goesOn }),
  fc.record({
    kind: fc.constantFrom(
      'pause-asked' as const,
      'resume-asked' as const,
      'cancel-asked' as const,
      'retry-asked' as const,
    ),
    by,
  }),
  fc.record({
    kind: fc.constant('link-replaced' as const),
    image,
    link: fc.constant('https://images.example/new'),
    credentials: fc.constant(null),
    by,
  }),
  fc.record({ kind: fc.constant('bandwidth-changed' as const), bandwidth: fc.constantFrom(null, 0, 5_000_000), by }),
);

/** Sequences long enough to come through a whole migration and a retry, though most of them do not fit. */
export const anyEvents = fc.array(anyEvent, { minLength: 1, maxLength: 120, size: 'max' });
