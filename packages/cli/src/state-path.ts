import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';

/**
 * Where the checkpoint of a copy lies: beside a target file; for a device or an export, which have no beside that
 * outlives a reboot, in the user's state folder.
 */
export async function statePath(target: { readonly kind: string; readonly name: string }): Promise<string> {
  if (target.kind === 'file') return `${target.name}.diskferry`;
  const folder = join(process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'diskferry');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const digest = createHash('sha256').update(target.name).digest('hex').slice(0, 12);
  const readable = basename(target.name)
    .replaceAll(/[^a-zA-Z0-9._-]/g, '_')
    .slice(0, 40);
  return join(folder, `${readable}-${digest}.diskferry`);
}
