import { describe, expect, it } from 'vitest';
import { MIGRATION_ACTIONS } from './actions.ts';
import { ACTION_ROLES, isAtLeast, lesserRole, may, ROLES, type AccessAction } from './roles.ts';

const actions = Object.keys(ACTION_ROLES) as AccessAction[];
const allowed = (role: (typeof ROLES)[number]) => actions.filter((action) => may(role, action));

describe('may()', () => {
  it('lets a viewer only read, and nothing of users, tokens and the audit log', () => {
    expect(allowed('viewer')).toEqual([
      'migration.read',
      'receipt.read',
      'instance.read',
      'volume.read',
      'image.read',
      'worker.read',
      'settings.read',
    ]);
  });

  it('keeps users, tokens, the audit log and the change of settings to admins', () => {
    const ofAdmins = actions.filter((action) => !may('operator', action));
    expect(ofAdmins.map((action) => action.split('.')[0])).toEqual([
      'settings',
      'user',
      'user',
      'user',
      'user',
      'token',
      'token',
      'token',
      'audit',
    ]);
    expect(allowed('admin')).toEqual(actions);
  });

  it('has a row for each action on a migration', () => {
    for (const action of MIGRATION_ACTIONS) expect(may('operator', `migration.${action}`)).toBe(true);
  });
});

describe('roles', () => {
  it('are in order: each may what those after it may', () => {
    expect(ROLES.map((role) => ROLES.filter((least) => isAtLeast(role, least)).length)).toEqual([3, 2, 1]);
    expect(lesserRole('admin', 'viewer')).toBe('viewer');
    expect(lesserRole('viewer', 'operator')).toBe('viewer');
    expect(lesserRole('operator', 'operator')).toBe('operator');
  });
});
