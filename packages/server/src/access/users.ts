import { randomUUID } from 'node:crypto';
import { ROLES, type Role } from '@diskferry/protocol';
import { ServiceError } from '../base/errors.ts';
import { isPrintable } from '../base/printable.ts';
import type { Access, User } from './access.ts';
import type { AccessContext } from './access-context.ts';
import { digestPassword, requirePassword } from './password.ts';

const LONGEST_NAME = 64;

type Users = Pick<Access, 'hasUsers' | 'listUsers' | 'createUser' | 'changeUser' | 'deleteUser'>;

export function users({ records: { accounts }, clock, turns }: AccessContext): Users {
  return {
    hasUsers: () => accounts.any(),
    listUsers: () => accounts.list(),

    async createUser({ name, role, password }) {
      requireRole(role);
      const user = newUser(name, role, clock());
      requirePassword(password);
      await accounts.create({ ...user, password: await turns.take(() => digestPassword(password)) });
      return user;
    },

    async changeUser(id, { password, ...change }) {
      if (change.role !== undefined) requireRole(change.role);
      if (password === undefined) return accounts.change(id, change);
      requirePassword(password);
      return accounts.change(id, { ...change, password: await turns.take(() => digestPassword(password)) });
    },

    deleteUser: (id) => accounts.delete(id),
  };
}

/** @throws ServiceError `invalid-request` */
export function newUser(name: string, role: Role, createdAt: number): User {
  const sound = name.length >= 1 && name.length <= LONGEST_NAME && isPrintable(name) && name.isWellFormed();
  if (!sound || name.trim() !== name) {
    throw new ServiceError(
      'invalid-request',
      `a name has 1 to ${LONGEST_NAME} characters, and no spaces around it or control characters`,
      { at: '/name' },
    );
  }
  return { id: randomUUID(), name, role, createdAt, disabled: false };
}

export function requireRole(role: Role): void {
  if (ROLES.includes(role)) return;
  throw new ServiceError('invalid-request', `there is no role ${String(role)}: ${ROLES.join(', ')}`, { at: '/role' });
}
