import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DiskferryError } from '@diskferry/engine';

/** Keys of a store and where it answers, from the configuration file. */
export interface StoreConfiguration {
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  readonly region?: string;
  readonly endpoint?: string;
}

export interface Configuration {
  readonly s3: StoreConfiguration;
  readonly cos: StoreConfiguration;
}

const STORE_KEYS = ['accessKeyId', 'secretAccessKey', 'sessionToken', 'region', 'endpoint'];

/** `service` is the service's own (docs/configuration.md). */
const TABLES = ['s3', 'cos', 'service'];

/** `$DISKFERRY_CONFIG`, or `diskferry/config.toml` in the user's configuration folder. */
export function configurationPath(env: NodeJS.ProcessEnv): string {
  const folder = env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  return env['DISKFERRY_CONFIG'] || join(folder, 'diskferry', 'config.toml');
}

/**
 * Tables `[s3]` and `[cos]`. A file that does not exist is an empty one, unless it was named.
 * @throws DiskferryError `usage`, naming the key that is not understood
 */
export async function readConfiguration(env: NodeJS.ProcessEnv): Promise<Configuration> {
  const path = configurationPath(env);
  const text = await textOf(path, env['DISKFERRY_CONFIG'] !== undefined);
  if (text === '') return { s3: {}, cos: {} };
  const { parse } = await import('smol-toml');
  let content: Record<string, unknown>;
  try {
    content = parse(text);
  } catch (cause) {
    throw new DiskferryError('usage', `${path} is not TOML: ${(cause as Error).message.split('\n')[0]}`, { cause });
  }
  for (const key of Object.keys(content)) {
    if (!TABLES.includes(key)) throw new DiskferryError('usage', `${path}: the key ${key} is not known`);
  }
  return { s3: storeOf(content['s3'], `${path}: s3`), cos: storeOf(content['cos'], `${path}: cos`) };
}

function storeOf(table: unknown, where: string): StoreConfiguration {
  if (table === undefined) return {};
  if (typeof table !== 'object' || table === null) throw new DiskferryError('usage', `${where} is no table`);
  for (const [key, value] of Object.entries(table)) {
    if (!STORE_KEYS.includes(key))
      throw new DiskferryError('usage', `${where}.${key} is not known; ${STORE_KEYS.join(', ')}`);
    if (typeof value !== 'string') throw new DiskferryError('usage', `${where}.${key} is not a text`);
  }
  return table as StoreConfiguration;
}

async function textOf(path: string, named: boolean): Promise<string> {
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0)
      process.stderr.write(`diskferry: ${path} holds keys and others may read it; chmod 600 helps\n`);
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (!named && (cause as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new DiskferryError('usage', `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
