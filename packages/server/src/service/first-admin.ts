import type { Access, User } from '../access/access.ts';
import { ServiceError } from '../base/errors.ts';

const FIRST = 'admin';

/**
 * An admin who can sign in, and a code that signs him in once. At the first start there is nobody: then `admin` is made,
 * without a password.
 */
export async function firstAdmin(access: Access): Promise<{ readonly admin: User; readonly code: string }> {
  const there = await anAdmin(access);
  const { code } = await access.createSignInLink(there?.name ?? FIRST);
  const admin = there ?? (await anAdmin(access));
  if (admin !== undefined) return { admin, code };
  throw new ServiceError('internal-error', 'nobody of the users is an admin');
}

async function anAdmin(access: Access): Promise<User | undefined> {
  const admins = (await access.listUsers()).filter(({ role, disabled }) => role === 'admin' && !disabled);
  return admins.find(({ name }) => name === FIRST) ?? admins[0];
}
