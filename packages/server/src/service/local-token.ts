import { open, readFile, rename } from 'node:fs/promises';
import type { Access, User } from '../access/access.ts';

const NAME = 'command on this machine';

/**
 * The token of the command on this machine. Whoever can read the data folder could read the database as well, so this
 * gives nobody more than he has. Made anew where it was deleted or does not work any more. It is a token of this admin, and goes with him.
 */
export async function keepLocalToken(access: Access, admin: User, path: string): Promise<void> {
  const there = await readFile(path, 'utf8').catch(() => '');
  if (there.trim() !== '' && (await access.principalOfToken(there.trim())) !== undefined) return;
  const by = { kind: 'user', id: admin.id, name: admin.name, role: admin.role } as const;
  const { secret } = await access.createToken({ name: NAME, role: 'admin', expiresAt: null }, by);
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(`${secret}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
