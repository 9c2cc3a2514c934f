import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { toolPath } from './tools.ts';

export interface Nbdkit extends AsyncDisposable {
  /** What to give to `openTarget`. */
  readonly address: string;
  readonly pid: number;
}

export interface NbdkitSetup {
  /** A plugin and its parameters: `['memory', '64M']`, `['file', path]`. */
  readonly plugin: readonly string[];
  /** Outermost first. Their parameters go behind those of the plugin. */
  readonly filters?: readonly string[];
  readonly parameters?: readonly string[];
  /** Options of nbdkit itself: `--no-sr`, `--read-only`. */
  readonly options?: readonly string[];
  readonly exportName?: string;
  /** On a loopback port instead of a unix socket. */
  readonly port?: boolean;
}

/** Starts nbdkit and waits until it listens. Disposing ends it by its pid; it also ends with this process. */
export async function startNbdkit(setup: NbdkitSetup): Promise<Nbdkit> {
  const folder = await mkdtemp(join(tmpdir(), 'diskferry-nbdkit-'));
  const socket = join(folder, 's');
  const port = setup.port === true ? await freePort() : undefined;
  const where = port === undefined ? ['--unix', socket] : ['--ipaddr', '127.0.0.1', '--port', String(port)];
  const filters = (setup.filters ?? []).map((name) => `--filter=${name}`);
  const fixed = ['--foreground', '--exit-with-parent', ...where];
  const args = [...fixed, ...(setup.options ?? []), ...filters, ...setup.plugin, ...(setup.parameters ?? [])];
  const child = spawn(toolPath('nbdkit') ?? 'nbdkit', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  await untilListening(child, port === undefined ? { path: socket } : { port, host: '127.0.0.1' });
  const name = setup.exportName ?? '';
  return {
    address: port === undefined ? `nbd+unix:///${name}?socket=${socket}` : `nbd://127.0.0.1:${port}/${name}`,
    pid: child.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      await endChild(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilListening(child: ChildProcess, where: { path: string } | { port: number; host: string }) {
  let said = '';
  child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
  for (const until = Date.now() + 10_000; Date.now() < until; await sleep(10)) {
    if (child.exitCode !== null) throw new Error(`the NBD server ended at once: ${said}`);
    if ('path' in where ? existsSync(where.path) : await answers(where)) return;
  }
  await endChild(child);
  throw new Error(`the NBD server does not listen: ${said}`);
}

async function answers(where: { port: number; host: string }): Promise<boolean> {
  const socket = connect(where);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** The same for qemu-nbd and a file of any format it knows. */
export async function startQemuNbd(path: string, options: readonly string[] = ['--format=raw']): Promise<Nbdkit> {
  const folder = await mkdtemp(join(tmpdir(), 'diskferry-qemu-nbd-'));
  const socket = join(folder, 's');
  const args = ['--socket', socket, '--persistent', '--shared=0', ...options, path];
  const child = spawn(toolPath('qemu-nbd') ?? 'qemu-nbd', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  await untilListening(child, { path: socket });
  return {
    address: `nbd+unix:///?socket=${socket}`,
    pid: child.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      await endChild(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
