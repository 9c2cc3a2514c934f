import { describe, expect, it } from 'vitest';
import { ACTIONS, MIGRATION_ACTIONS, REFUSALS, verdictOn, type MigrationAction } from './actions.ts';
import { isOver, MIGRATION_STATES, WAITING_REASONS } from './migration-state.ts';
import { standingName, type StandingName } from './standing.ts';

const STANDINGS: readonly StandingName[] = MIGRATION_STATES.flatMap((state) =>
  state === 'waiting' ? WAITING_REASONS.map((reason) => standingName(state, reason)) : [standingName(state)],
);

function allowedIn(standing: StandingName): MigrationAction[] {
  return MIGRATION_ACTIONS.filter((action) => verdictOn(action, standing).allowed);
}

describe('the table of actions', () => {
  it('has a cell for every action in every standing, and no other', () => {
    expect(Object.keys(ACTIONS)).toEqual([...MIGRATION_ACTIONS]);
    for (const row of Object.values(ACTIONS)) expect(Object.keys(row).toSorted()).toEqual([...STANDINGS].toSorted());
  });

  it.each([
    ['queued', ['pause', 'cancel', 'replace-link', 'change-bandwidth']],
    ['checking', ['pause', 'cancel', 'change-bandwidth']],
    ['waiting:start-time', ['pause', 'cancel', 'replace-link', 'change-bandwidth']],
    ['waiting:worker', ['pause', 'cancel', 'replace-link', 'change-bandwidth']],
    ['waiting:link', ['pause', 'cancel', 'replace-link', 'change-bandwidth']],
    ['waiting:credentials', ['pause', 'cancel', 'replace-link', 'change-bandwidth']],
    ['waiting:person', ['pause', 'resume', 'cancel', 'replace-link', 'change-bandwidth']],
    ['stopping', ['change-bandwidth']],
    ['transferring', ['pause', 'cancel', 'change-bandwidth']],
    ['verifying', ['pause', 'cancel', 'change-bandwidth']],
    ['proving', ['pause', 'cancel']],
    ['starting', []],
    ['paused', ['resume', 'cancel', 'replace-link', 'change-bandwidth']],
    ['succeeded', []],
    ['failed', ['retry']],
    ['cancelled', ['retry']],
  ] as const)('allows in %s: %j', (standing, actions) => {
    expect(allowedIn(standing)).toEqual(actions);
  });

  it('allows nothing but a retry once it is over', () => {
    for (const state of MIGRATION_STATES.filter(isOver)) {
      for (const action of allowedIn(state as StandingName)) expect(action).toBe('retry');
    }
  });

  it('gives a sentence with every refusal, and every refusal is used', () => {
    const used = new Set(Object.values(ACTIONS).flatMap((row) => Object.values(row)));
    used.delete('allowed');
    expect([...used].toSorted()).toEqual(Object.keys(REFUSALS).toSorted());
    for (const sentence of Object.values(REFUSALS)) expect(sentence).toMatch(/^[A-Z].{20,}\.$/);
    expect(verdictOn('retry', 'succeeded')).toEqual({
      allowed: false,
      code: 'already-succeeded',
      reason: 'The migration has succeeded. Create a new one to land the image again.',
    });
  });
});

it('a standing names what is waited for, and refuses to be told nothing', () => {
  expect(standingName('waiting', 'link')).toBe('waiting:link');
  expect(standingName('paused', 'link')).toBe('paused');
  expect(() => standingName('waiting', null)).toThrow('what for');
});
