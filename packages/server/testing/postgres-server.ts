import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { programPath, unprivileged } from './postgres-programs.ts';

const READY_MS = 30_000;

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
  await promisify(execFile)(needed('initdb'), initdb, { cwd: folder, ...user });
  const speed = durable ? [] : ['-c', 'fsync=off', '-c', 'synchronous_commit=off'];
  const args = ['-D', data, '-k', folder, '-c', 'listen_addresses=', ...speed];
  const urlOf = (database: string) => `postgres://postgres@/${database}?host=${encodeURIComponent(folder)}`;
  let process: ChildProcess | undefined;
  let count = 0;

  const start = async () => {
    process = spawn(needed('postgres'), args, { cwd: folder, stdio: 'ignore', ...user });
    await untilReady(urlOf('postgres'), process);
  };
  const stop = async (signal: 'SIGQUIT' | 'SIGINT') => {
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const over = once(process, 'exit');
    process.kill(signal);
    await over;
  };
  const dispose = async () => {
    await stop('SIGINT');
    await rm(folder, { recursive: true, force: true });
  };
  await start().catch(async (cause: unknown) => {
    await dispose();
    throw cause;
  });
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
    [Symbol.asyncDispose]: dispose,
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

function needed(program: string): string {
  const path = programPath(program);
  if (path === undefined) throw new Error(`${program} is not installed: apt-get install postgresql`);
  return path;
}
