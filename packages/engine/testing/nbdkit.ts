import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
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
  const port = setup.port === true ? await freePort() : undefined;
  const filters = (setup.filters ?? []).map((name) => `--filter=${name}`);
  const name = setup.exportName ?? '';
  return await start('nbdkit', name, port, ({ socket, pidFile }) => [
    '--foreground',
    '--exit-with-parent',
    ...(port === undefined ? ['--unix', socket] : ['--ipaddr', '127.0.0.1', '--port', String(port)]),
    '--pidfile',
    pidFile,
    ...(setup.options ?? []),
    ...filters,
    ...setup.plugin,
    ...(setup.parameters ?? []),
  ]);
}

/** The same for qemu-nbd and a file of any format it knows. */
export async function startQemuNbd(path: string, options: readonly string[] = ['--format=raw']): Promise<Nbdkit> {
  return await start('qemu-nbd', '', undefined, ({ socket, pidFile }) => [
    '--socket',
    socket,
    '--pid-file',
    pidFile,
    '--persistent',
    '--shared=0',
    ...options,
    path,
  ]);
}

async function start(
  tool: string,
  exportName: string,
  port: number | undefined,
  argsFor: (places: { socket: string; pidFile: string }) => readonly string[],
): Promise<Nbdkit> {
  const folder = await mkdtemp(join(tmpdir(), `diskferry-${tool}-`));
  const places = { socket: join(folder, 's'), pidFile: join(folder, 'pid') };
  const child = spawn(toolPath(tool) ?? tool, argsFor(places), { stdio: ['ignore', 'ignore', 'pipe'] });
  await untilListening(child, places.pidFile);
  return {
    address:
      port === undefined
        ? `nbd+unix:///${exportName}?socket=${places.socket}`
        : `nbd://127.0.0.1:${port}/${exportName}`,
    pid: child.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      await endChild(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Both servers write the file with their pid once they listen; the socket itself is there a moment too early. */
async function untilListening(child: ChildProcess, pidFile: string): Promise<void> {
  let said = '';
  child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
  for (const until = Date.now() + 10_000; Date.now() < until; await sleep(5)) {
    if (child.exitCode !== null) throw new Error(`the NBD server ended at once: ${said}`);
    if ((await readFile(pidFile, 'latin1').catch(() => '')).endsWith('\n')) return;
  }
  await endChild(child);
  throw new Error(`the NBD server does not listen: ${said}`);
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
