import { ACTION_ROLES, may, type AccessAction } from '@diskferry/protocol';
import type { Principal } from '../../access/access.ts';
import { ServiceError } from '../../base/errors.ts';

export function requireMay({ name, role }: Principal, action: AccessAction): void {
  if (may(role, action)) return;
  throw new ServiceError('not-allowed', `${name} is ${role}; ${action} needs the role ${ACTION_ROLES[action]}`);
}
