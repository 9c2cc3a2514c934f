import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isExecutable, toolPath } from '../../engine/testing/tools.ts';

/** Where Debian puts the programs of each version; they are not in the PATH. */
const DEBIAN = '/usr/lib/postgresql';

export function hasPostgres(): boolean {
  return programPath('initdb') !== undefined && programPath('postgres') !== undefined;
}

/** PostgreSQL does not run as root: `nobody` does it then. */
export function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const found = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  if (!found) throw new Error('there is no user nobody to run postgres as');
  return { uid: Number(found[1]), gid: Number(found[2]) };
}

/** The newest one that Debian has, or one in the PATH. */
export function programPath(name: string): string | undefined {
  const versions = foldersIn(DEBIAN).toSorted((a, b) => Number(b) - Number(a));
  const paths = versions.map((version) => join(DEBIAN, version, 'bin', name));
  return paths.find(isExecutable) ?? toolPath(name);
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
