import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { toolPath } from '../../engine/testing/tools.ts';

/** Where Debian puts the programs of each version; they are not in the PATH. */
const DEBIAN = '/usr/lib/postgresql';
const READY_MS = 30_000;

export function hasPostgres(): boolean {
  return programPath('initdb') !== undefined && programPath('postgres') !== undefined;
}

export interface PostgresServer extends AsyncDisposable {
  /** A new database. */
  create(): Promise<string>;
  drop(url: string): Promise<void>;
  /** Kills it as a crash would: nothing is written any more. */
  crash(): Promise<void>;
  start(): Promise<void>;
}

/**
 * A PostgreSQL server of its own, with its data in a temporary folder, reached by a Unix socket in there. `durable` has it
 * wait for the disk, as a real one does.
 */
export async function startPostgres({ durable }: { readonly durable: boolean }): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'diskferry-pg-'));
  const user = unprivileged();
  if (user) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await promisify(execFile)(programPath('initdb') ?? 'initdb', initdb, { cwd: folder, ...user });
  const speed = durable ? [] : ['-c', 'fsync=off', '-c', 'synchronous_commit=off'];
  const args = ['-D', data, '-k', folder, '-c', 'listen_addresses=', ...speed];
  const urlOf = (database: string) => `postgres://postgres@/${database}?host=${encodeURIComponent(folder)}`;
  let process: ChildProcess | undefined;
  let count = 0;

  const start = async () => {
    process = spawn(programPath('postgres') ?? 'postgres', args, { cwd: folder, stdio: 'ignore', ...user });
    await untilReady(urlOf('postgres'), process);
  };
  const stop = async (signal: 'SIGQUIT' | 'SIGINT') => {
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const over = once(process, 'exit');
    process.kill(signal);
    await over;
  };
  await start();
  return {
    async create() {
      const name = `test_${count++}`;
      await execute(urlOf('postgres'), `create database ${name}`);
      return urlOf(name);
    },
    async drop(url) {
      const name = /(?<=\/)test_\d+(?=\?)/.exec(url)?.[0];
      await execute(urlOf('postgres'), `drop database ${name} with (force)`);
    },
    crash: () => stop('SIGQUIT'),
    start,
    async [Symbol.asyncDispose]() {
      await stop('SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function untilReady(url: string, process: ChildProcess): Promise<void> {
  for (const deadline = performance.now() + READY_MS; ; await sleep(30)) {
    if (process.exitCode !== null) throw new Error(`postgres ended with ${process.exitCode} at its start`);
    try {
      await execute(url, 'select 1');
      return;
    } catch (cause) {
      if (performance.now() > deadline) throw new Error('postgres did not become ready', { cause });
    }
  }
}

/** PostgreSQL does not run as root: `nobody` does it then. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const found = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  if (!found) throw new Error('there is no user nobody to run postgres as');
  return { uid: Number(found[1]), gid: Number(found[2]) };
}

/** The newest one that Debian has, or one in the PATH. */
function programPath(name: string): string | undefined {
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

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
