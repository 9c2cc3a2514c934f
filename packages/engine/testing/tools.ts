import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const SYSTEM_FOLDERS = ['/usr/sbin', '/sbin', '/usr/local/sbin'];

/** Whether a program is installed. Tests that need it skip where it is missing; CI fails if one of them skipped. */
export function hasTool(name: string): boolean {
  return toolPath(name) !== undefined;
}

export function toolPath(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SYSTEM_FOLDERS];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Runs a program to its end and gives its standard output; throws with its standard error. */
export async function run(name: string, args: readonly string[], cwd?: string): Promise<string> {
  const { stdout } = await promisify(execFile)(toolPath(name) ?? name, [...args], {
    cwd,
    maxBuffer: 256 * 1024 * 1024,
  });
  return stdout;
}
