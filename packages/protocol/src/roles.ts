/** Each role may also do what those after it may. */
export const ROLES = ['admin', 'operator', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** What can be done, by the words of the audit log, and the least role that may. */
export const ACTION_ROLES = {
  'migration.read': 'viewer',
  'migration.create': 'operator',
  'migration.pause': 'operator',
  'migration.resume': 'operator',
  'migration.cancel': 'operator',
  'migration.retry': 'operator',
  'migration.replace-link': 'operator',
  'migration.change-bandwidth': 'operator',
  'preflight.run': 'operator',
  'receipt.read': 'viewer',
  'instance.read': 'viewer',
  'instance.create': 'operator',
  'instance.start': 'operator',
  'instance.stop': 'operator',
  'instance.delete': 'operator',
  'instance.read-console': 'operator',
  'instance.write-console': 'operator',
  'volume.read': 'viewer',
  'volume.create': 'operator',
  'volume.grow': 'operator',
  'volume.attach': 'operator',
  'volume.detach': 'operator',
  'volume.delete': 'operator',
  'image.read': 'viewer',
  'image.forget': 'operator',
  'worker.read': 'viewer',
  'settings.read': 'viewer',
  'settings.change': 'admin',
  'user.read': 'admin',
  'user.create': 'admin',
  'user.change': 'admin',
  'user.delete': 'admin',
  'token.read': 'admin',
  'token.create': 'admin',
  'token.delete': 'admin',
  'audit.read': 'admin',
} as const satisfies Readonly<Record<string, Role>>;
export type AccessAction = keyof typeof ACTION_ROLES;

export function may(role: Role, action: AccessAction): boolean {
  return isAtLeast(role, ACTION_ROLES[action]);
}

/** Whether `role` may do all that `least` may. */
export function isAtLeast(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) <= ROLES.indexOf(least);
}

/** The lesser of two. */
export function lesserRole(a: Role, b: Role): Role {
  return isAtLeast(a, b) ? b : a;
}
