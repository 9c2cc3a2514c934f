import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DiskferryError } from '@diskferry/engine';

export interface Connection {
  /** Where the service answers, without a slash at the end. */
  readonly server: string;
  readonly token: string;
}

export interface ConnectionFlags {
  readonly server?: string;
  readonly token?: string;
}

const DEFAULT_SERVER = 'http://127.0.0.1:7070';

/**
 * Where the service is, and the token for it: from the flags, else from the environment. The service of this machine
 * leaves a token in its data folder, for those who may read that.
 * @throws DiskferryError `usage`
 */
export async function connectionOf(flags: ConnectionFlags, env: NodeJS.ProcessEnv): Promise<Connection> {
  const server = (flags.server ?? env['DISKFERRY_SERVER'] ?? DEFAULT_SERVER).replace(/\/+$/, '');
  if (!/^https?:$/.test(URL.canParse(server) ? new URL(server).protocol : '')) {
    throw new DiskferryError('usage', `${server} is not the address of a service, as in ${DEFAULT_SERVER}`);
  }
  const token = flags.token ?? env['DISKFERRY_TOKEN'] ?? (await localToken(env));
  if (token !== undefined) return { server, token };
  throw new DiskferryError('usage', `there is no token for ${server}`, {
    hint: 'Make one in the console or with "diskferry tokens create", and put it into DISKFERRY_TOKEN; on the machine of the service, set DISKFERRY_DATA to its data folder.',
  });
}

/** The file that the service writes at its start (packages/server/src/service/local-token.ts). */
async function localToken(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const text = await readFile(join(env['DISKFERRY_DATA'] || '.diskferry', 'local-token'), 'utf8');
    return text.trim() || undefined;
  } catch {
    return undefined;
  }
}
