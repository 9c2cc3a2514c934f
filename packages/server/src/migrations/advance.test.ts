import { MIGRATION_STATES } from '@diskferry/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyEvents } from '../../testing/any-event.ts';
import { requireInvariants, requireLegalChange } from '../../testing/invariants.ts';
import { ASIDE, ONWARD } from '../../testing/lives.ts';
import { sampleRequest } from '../../testing/requests.ts';
import { advance, replay } from './advance.ts';
import { ServiceError } from '../base/errors.ts';
import type { CreatedEvent, MigrationEvent } from './event.ts';
import type { Migration } from './migration.ts';
import { newMigration } from './new-migration.ts';

function created(options: Parameters<typeof sampleRequest>[0] = {}): CreatedEvent {
  return { kind: 'created', id: 'm-1', createdAt: 1000, request: sampleRequest(options) };
}

const anyCreated = fc
  .record({
    runningInstance: fc.constantFrom('refuse' as const, 'stop' as const, 'force' as const),
    startAfterwards: fc.boolean(),
    verify: fc.constantFrom('none' as const, 'written' as const, 'full' as const),
    proveBoot: fc.constantFrom('auto' as const, 'always' as const, 'never' as const),
    notBefore: fc.constantFrom(null, 5000),
  })
  .map((options) => created({ options }));

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}

/** The events that fit, one after the other, and what they make; those that do not fit must throw and say so. */
function follow(first: CreatedEvent, events: readonly MigrationEvent[], seen: (after: Migration) => void) {
  let migration = deepFreeze(newMigration(first));
  const log: { event: CreatedEvent | MigrationEvent }[] = [{ event: first }];
  seen(migration);
  for (const event of events) {
    const before = JSON.stringify(migration);
    try {
      const after = deepFreeze(advance(migration, event));
      requireLegalChange(migration, event, after);
      migration = after;
      log.push({ event });
      seen(migration);
    } catch (thrown) {
      if (!(thrown instanceof ServiceError)) throw thrown;
      expect(['illegal-transition', 'action-refused', 'invalid-request']).toContain(thrown.code);
      expect(JSON.stringify(migration)).toBe(before);
    }
  }
  return { migration, log };
}

describe('any sequence of events', () => {
  it('keeps the invariants, and what does not fit throws and changes nothing', () => {
    const states = new Set<string>();
    const check = (migration: Migration) => {
      requireInvariants(migration);
      states.add(migration.standing.state);
    };
    fc.assert(
      fc.property(anyCreated, anyEvents, (first, events) => void follow(first, events, check)),
      {
        numRuns: 400,
        seed: 4,
      },
    );
    expect(states.size).toBeGreaterThan(6);
  });

  it('comes into every state, whichever of the fitting events are taken', () => {
    const states = new Set<string>();
    const step = fc.record({ forward: fc.integer({ min: 0, max: 9 }), choice: fc.nat(1000) });
    const walk = (first: CreatedEvent, steps: readonly { forward: number; choice: number }[]) => {
      let migration = newMigration(first);
      for (const { forward, choice } of steps) {
        const pool = forward < 8 ? ONWARD : ASIDE;
        const fitting = pool.filter((event) => fits(migration, event));
        const event = fitting[choice % Math.max(1, fitting.length)];
        if (!event) continue;
        const after = advance(migration, event);
        requireLegalChange(migration, event, after);
        requireInvariants(after);
        states.add(after.standing.state);
        migration = after;
      }
    };
    const steps = fc.array(step, { minLength: 40, maxLength: 80, size: 'max' });
    fc.assert(fc.property(anyCreated, steps, walk), { numRuns: 200, seed: 4 });
    expect([...states].toSorted()).toEqual([...MIGRATION_STATES].toSorted());
  });

  it('is told again by its log, also when that was JSON meanwhile', () => {
    const property = fc.property(anyCreated, anyEvents, (first, events) => {
      const { migration, log } = follow(first, events, () => {});
      expect(replay(JSON.parse(JSON.stringify(log)) as typeof log)).toEqual(migration);
    });
    fc.assert(property, { numRuns: 200, seed: 4 });
  });
});

function fits(migration: Migration, event: MigrationEvent): boolean {
  try {
    advance(migration, event);
    return true;
  } catch {
    return false;
  }
}

describe('replay()', () => {
  it('refuses a log that does not begin with created, or is created twice', () => {
    expect(() => replay([])).toThrow('not with nothing');
    expect(() => replay([{ event: { kind: 'locked' } }])).toThrow('not with locked');
    expect(() => replay([{ event: created() }, { event: created() }])).toThrow('created once');
  });
});
