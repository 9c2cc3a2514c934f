import { readFile } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { parse } from 'smol-toml';
import { isPostgres } from '../base/is-postgres.ts';
import type { SourceRules } from '../sources/source-rules.ts';
import {
  LOG_LEVELS,
  type Configuration,
  type DeviceConfiguration,
  type LocalConfiguration,
  type LogLevel,
} from './configuration.ts';
import { fromEnvironment } from './environment.ts';
import { isLoopbackHost } from './loopback.ts';
import { refused, Table } from './table.ts';

/** What a process of Diskferry is: `worker` has no API, and its provider is named after its machine. */
export type Role = 'service' | 'worker';

/**
 * The table `[service]` of the configuration file, with the environment over it (environment.ts has the names).
 * @throws ServiceError `configuration-invalid`, naming the key
 */
export async function readConfiguration(env: NodeJS.ProcessEnv, role: Role): Promise<Configuration> {
  const service = fromEnvironment(new Table('', await contentOf(env)).table('service'), env);
  const data = resolve(service.text('data') ?? '.diskferry');
  const configuration: Configuration = {
    data,
    database: databaseOf(service, { data, role }),
    listen: listenOf(service.table('listen')),
    log: { level: levelOf(service.table('log')) },
    worker: workerOf(service.table('worker')),
    local: localOf(service.table('local'), { data, role }),
    sources: await sourcesOf(service.table('sources')),
  };
  service.finish();
  return configuration;
}

async function contentOf(env: NodeJS.ProcessEnv): Promise<Record<string, unknown>> {
  const named = env['DISKFERRY_CONFIG'];
  const path = named || join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'diskferry', 'config.toml');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (!named && (cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw refused(path, `cannot be read: ${(cause as Error).message}`);
  }
  try {
    return parse(text);
  } catch (cause) {
    throw refused(path, `is not TOML: ${(cause as Error).message.split('\n')[0]}`);
  }
}

function databaseOf(service: Table, { data, role }: { data: string; role: Role }): string {
  const database = service.text('database');
  if (database === undefined && role === 'worker') {
    throw refused(service.keyOf('database'), 'is missing: a worker works for the service whose database this is');
  }
  if (database === undefined) return join(data, 'diskferry.db');
  if (isPostgres(database) || !database.includes('://')) return database;
  throw refused(service.keyOf('database'), 'is neither postgres://… nor the path of an SQLite file');
}

function listenOf(table: Table): Configuration['listen'] {
  const host = table.text('host') ?? '127.0.0.1';
  const certificate = table.text('certificate');
  const key = table.text('key');
  const listen = {
    host,
    port: table.count('port', 0, 65_535) ?? 7070,
    tls: certificate !== undefined && key !== undefined ? { certificate, key } : undefined,
    plainBeyondLoopback: table.flag('plainBeyondLoopback') ?? false,
    publicUrl: table.text('publicUrl'),
    hosts: table.texts('hosts') ?? [],
  };
  table.finish();
  if ((certificate === undefined) !== (key === undefined)) {
    throw refused(table.keyOf(key === undefined ? 'key' : 'certificate'), 'is missing: both are given, or neither');
  }
  if (listen.tls === undefined && !listen.plainBeyondLoopback && !isLoopbackHost(host)) {
    const remedy = 'give certificate and key, or set plainBeyondLoopback where a proxy in front of it speaks TLS';
    throw refused(table.keyOf('host'), `is ${host}, where passwords would travel unencrypted: ${remedy}`);
  }
  if (listen.publicUrl !== undefined && !/^https?:$/.test(protocolOf(listen.publicUrl))) {
    throw refused(table.keyOf('publicUrl'), 'is not a link with http: or https:');
  }
  return listen;
}

function protocolOf(link: string): string {
  return URL.canParse(link) ? new URL(link).protocol : '';
}

function levelOf(table: Table): LogLevel {
  const level = table.text('level') ?? 'info';
  table.finish();
  if ((LOG_LEVELS as readonly string[]).includes(level)) return level as LogLevel;
  throw refused(table.keyOf('level'), `is not one of ${LOG_LEVELS.join(', ')}`);
}

function workerOf(table: Table): Configuration['worker'] {
  const worker = {
    enabled: table.flag('enabled') ?? true,
    labels: table.texts('labels') ?? [],
    leaseMs: (table.count('leaseSeconds', 1, 3600) ?? 30) * 1000,
    patienceMs: (table.count('patienceSeconds', 0, 7 * 86_400) ?? 900) * 1000,
    proofMs: (table.count('proofSeconds', 10, 3600) ?? 120) * 1000,
  };
  table.finish();
  return worker;
}

/** A service that does no migrations has no provider either: whoever does them reaches the volumes. */
function localOf(table: Table, { data, role }: { data: string; role: Role }): LocalConfiguration | undefined {
  const enabled = table.flag('enabled') ?? true;
  const name = table.text('name') ?? (role === 'worker' ? `local-${nameOfHost()}` : 'local');
  const folder = resolve(table.text('folder') ?? join(data, 'local'));
  const regions = table.tables('regions')?.map((region) => {
    const found = { name: region.text('name'), zones: region.texts('zones') };
    region.finish();
    if (found.name === undefined) throw refused(region.keyOf('name'), 'is missing');
    if (!found.zones?.length) throw refused(region.keyOf('zones'), 'is missing: a region has at least one zone');
    return { name: found.name, zones: found.zones };
  });
  const devices = table.tables('devices')?.map(deviceOf) ?? [];
  table.finish();
  if (!/^[a-z0-9][a-z0-9.-]{0,62}$/.test(name)) {
    throw refused(table.keyOf('name'), 'is not of small letters, digits, dots and hyphens, 63 at most');
  }
  return enabled ? { name, folder, regions, devices } : undefined;
}

/** What lies at the path is looked at by the provider: a disk may be plugged in later. */
function deviceOf(table: Table): DeviceConfiguration {
  const path = table.text('path');
  const name = table.text('name');
  const region = table.text('region');
  const zone = table.text('zone');
  table.finish();
  if (path === undefined) throw refused(table.keyOf('path'), 'is missing');
  if (!isAbsolute(path)) throw refused(table.keyOf('path'), 'is not absolute: as in /dev/disk/by-id/… or /dev/vg/lv');
  if (name === undefined) throw refused(table.keyOf('name'), 'is missing: it is what people see');
  if (zone !== undefined && region === undefined) {
    throw refused(table.keyOf('region'), 'is missing: a zone is given with its region');
  }
  return { path, name, region, zone };
}

function nameOfHost(): string {
  return hostname()
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]/g, '-')
    .slice(0, 50);
}

async function sourcesOf(table: Table): Promise<SourceRules> {
  const path = table.text('ca');
  const rules = {
    allowHosts: table.texts('hosts') ?? [],
    allowRanges: table.texts('ranges') ?? [],
    folders: (table.texts('folders') ?? []).map((folder) => resolve(folder)),
  };
  table.finish();
  if (path === undefined) return rules;
  try {
    return { ...rules, ca: await readFile(path, 'utf8') };
  } catch (cause) {
    throw refused(table.keyOf('ca'), `cannot be read: ${(cause as Error).message}`);
  }
}
