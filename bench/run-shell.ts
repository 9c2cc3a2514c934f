import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a bash line to its end, gives what it printed; throws with what it said when any part of a pipeline fails. */
export async function runShell(command: string): Promise<string> {
  const { stdout } = await promisify(execFile)('bash', ['-c', `set -o pipefail; ${command}`]);
  return stdout;
}
