import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { toolPath } from './tools.ts';

export interface Nginx extends AsyncDisposable {
  /** `http://127.0.0.1:port`, the folder behind it. */
  readonly origin: string;
  readonly pid: number;
}

/** A real nginx that serves a folder by ranges on a free port of the loopback, ended by its own process id. */
export async function startNginx(folder: string): Promise<Nginx> {
  const scratch = await mkdtemp(join(tmpdir(), 'diskferry-nginx-'));
  const port = await freePort();
  await writeFile(join(scratch, 'nginx.conf'), configuration({ folder, scratch, port }));
  const child = spawn(toolPath('nginx') ?? 'nginx', ['-p', scratch, '-c', 'nginx.conf', '-e', 'error.log'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  await untilListening(port, () => {
    if (child.exitCode !== null) throw new Error(`nginx ended at once: ${said}`);
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    pid: child.pid as number,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

/** Workers keep the account that started it: the folders of tests belong to that one alone. */
function configuration({ folder, scratch, port }: { folder: string; scratch: string; port: number }): string {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${scratch}/${kind};`,
  );
  return `
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${scratch}/nginx.pid;
events { worker_connections 1024; }
http {
  ${temp.join('\n  ')}
  access_log off;
  sendfile on;
  tcp_nopush on;
  etag on;
  default_type application/octet-stream;
  keepalive_requests 1000000;
  keepalive_timeout 300s;
  server {
    listen 127.0.0.1:${port};
    root "${folder}";
  }
}
`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilListening(port: number, check: () => void): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    check();
    const socket = connect(port, '127.0.0.1');
    const isThere = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isThere) return;
    await sleep(25);
  }
  throw new Error(`nothing listens on port ${port}`);
}
