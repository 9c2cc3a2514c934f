import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../packages/engine/testing/free-port.ts';
import { toolPath } from '../packages/engine/testing/tools.ts';

export interface Server extends AsyncDisposable {
  /** As fast as the loopback is. */
  readonly origin: string;
  /** Each connection gets 60 MiB/s: what one connection to an object store gives. */
  readonly slowOrigin: string;
}

/** One nginx with one worker over a folder, on two ports of the loopback. */
export async function serve(folder: string): Promise<Server> {
  const scratch = await mkdtemp(join(tmpdir(), 'diskferry-bench-'));
  const [port, slowPort] = [await freePort(), await freePort()];
  await writeFile(join(scratch, 'nginx.conf'), configuration({ folder, scratch, port, slowPort }));
  const child = spawn(toolPath('nginx') ?? 'nginx', ['-p', scratch, '-c', 'nginx.conf', '-e', 'error.log'], {
    stdio: 'inherit',
  });
  const end = (): void => void child.kill('SIGTERM');
  process.once('exit', end);
  await untilListening(child, slowPort);
  return {
    origin: `http://127.0.0.1:${port}`,
    slowOrigin: `http://127.0.0.1:${slowPort}`,
    [Symbol.asyncDispose]: async () => {
      process.removeListener('exit', end);
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

interface Places {
  readonly folder: string;
  readonly scratch: string;
  readonly port: number;
  readonly slowPort: number;
}

/** `keepalive_requests` is high because qemu's HTTP client stalls when the server closes a connection it pools. */
function configuration({ folder, scratch, port, slowPort }: Places): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path "${scratch}/${kind}";`,
  );
  return `
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid "${scratch}/nginx.pid";
events { worker_connections 1024; }
http {
  ${temporary.join('\n  ')}
  access_log off;
  sendfile on;
  tcp_nopush on;
  etag on;
  default_type application/octet-stream;
  keepalive_requests 1000000;
  keepalive_timeout 300s;
  root "${folder}";
  server { listen 127.0.0.1:${port}; }
  server { listen 127.0.0.1:${slowPort}; limit_rate 60m; }
}
`;
}

async function untilListening(child: ChildProcess, port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error('nginx ended at once');
    const socket = connect(port, '127.0.0.1');
    const isThere = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isThere) return;
    await sleep(25);
  }
  throw new Error(`nginx does not listen on port ${port}`);
}
