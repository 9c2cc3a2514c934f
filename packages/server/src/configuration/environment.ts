import { refused, Table } from './table.ts';

type Kind = 'text' | 'count' | 'flag' | 'texts';

/** Environment variables and the keys that they stand for. A variable goes before the file. */
export const VARIABLES: Readonly<Record<string, { readonly key: string; readonly kind: Kind }>> = {
  DISKFERRY_DATA: { key: 'data', kind: 'text' },
  DISKFERRY_DATABASE: { key: 'database', kind: 'text' },
  DISKFERRY_HOST: { key: 'listen.host', kind: 'text' },
  DISKFERRY_PORT: { key: 'listen.port', kind: 'count' },
  DISKFERRY_TLS_CERTIFICATE: { key: 'listen.certificate', kind: 'text' },
  DISKFERRY_TLS_KEY: { key: 'listen.key', kind: 'text' },
  DISKFERRY_PLAIN_BEYOND_LOOPBACK: { key: 'listen.plainBeyondLoopback', kind: 'flag' },
  DISKFERRY_PUBLIC_URL: { key: 'listen.publicUrl', kind: 'text' },
  DISKFERRY_HOSTS: { key: 'listen.hosts', kind: 'texts' },
  DISKFERRY_LOG_LEVEL: { key: 'log.level', kind: 'text' },
  DISKFERRY_WORKER: { key: 'worker.enabled', kind: 'flag' },
  DISKFERRY_WORKER_LABELS: { key: 'worker.labels', kind: 'texts' },
  DISKFERRY_LEASE_SECONDS: { key: 'worker.leaseSeconds', kind: 'count' },
  DISKFERRY_PATIENCE_SECONDS: { key: 'worker.patienceSeconds', kind: 'count' },
  DISKFERRY_PROOF_SECONDS: { key: 'worker.proofSeconds', kind: 'count' },
  DISKFERRY_LOCAL: { key: 'local.enabled', kind: 'flag' },
  DISKFERRY_LOCAL_NAME: { key: 'local.name', kind: 'text' },
  DISKFERRY_LOCAL_FOLDER: { key: 'local.folder', kind: 'text' },
  DISKFERRY_SOURCE_HOSTS: { key: 'sources.hosts', kind: 'texts' },
  DISKFERRY_SOURCE_RANGES: { key: 'sources.ranges', kind: 'texts' },
  DISKFERRY_SOURCE_FOLDERS: { key: 'sources.folders', kind: 'texts' },
  DISKFERRY_SOURCE_CA: { key: 'sources.ca', kind: 'text' },
};

/** Variables of the command, of the keys and of tests: known, and none of the configuration. */
const OTHERS: readonly string[] = [
  'CONFIG',
  'SECRET_KEY',
  'SERVER',
  'TOKEN',
  'DEBUG',
  'LONG',
  'THOROUGH',
  'KILLS',
  'GUEST_KERNEL',
  'FUZZ_SEED',
  'FUZZ_SECONDS',
].map((name) => `DISKFERRY_${name}`);

/** Variables that look like ours and are none: misspelt, they would do nothing without a word. */
export function unknownVariables(env: NodeJS.ProcessEnv): string[] {
  return Object.keys(env).filter((name) => {
    return name.startsWith('DISKFERRY_') && !Object.hasOwn(VARIABLES, name) && !OTHERS.includes(name);
  });
}

/** The table of the service as it would stand in the file, were the variables written there. */
export function fromEnvironment(file: Table, env: NodeJS.ProcessEnv): Table {
  const set = Object.entries(VARIABLES).flatMap(([variable, { key, kind }]) => {
    const typed = env[variable];
    return typed === undefined || typed === '' ? [] : [{ path: key.split('.'), value: valueOf(typed, kind, variable) }];
  });
  return file.with(set);
}

function valueOf(typed: string, kind: Kind, variable: string): unknown {
  if (kind === 'text') return typed;
  if (kind === 'texts')
    return typed
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
  if (kind === 'count') {
    if (/^\d{1,15}$/.test(typed)) return Number(typed);
    throw refused(variable, `is ${JSON.stringify(typed)}, not a whole number`);
  }
  if (typed === '1' || typed === 'true') return true;
  if (typed === '0' || typed === 'false') return false;
  throw refused(variable, `is ${JSON.stringify(typed)}; true and false are known`);
}
