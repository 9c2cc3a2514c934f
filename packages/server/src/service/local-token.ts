import { open, readFile, rename } from 'node:fs/promises';
import type { Access, Principal } from '../access/access.ts';

const SERVICE: Principal = { kind: 'token', id: 'service', name: 'service', role: 'admin' };

/**
 * The token of the command on this machine. Whoever can read the data folder could read the database as well, so this
 * gives nobody more than he has. Made anew where it was deleted or does not work any more.
 */
export async function keepLocalToken(access: Access, path: string): Promise<void> {
  const there = await readFile(path, 'utf8').catch(() => '');
  if (there.trim() !== '' && (await access.principalOfToken(there.trim())) !== undefined) return;
  const { secret } = await access.createToken(
    { name: 'command on this machine', role: 'admin', expiresAt: null },
    SERVICE,
  );
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
