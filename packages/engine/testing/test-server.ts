import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { bodyOf, honestAnswer, type ReceivedRequest, type ServedObject } from './served-object.ts';
import { commit, type Exchange, type Fault } from './server-faults.ts';

/** Says no to a request before the object is looked at: status and body, or undefined to let it pass. */
export type Guard = (request: ReceivedRequest) => { status: number; body?: string } | undefined;

export interface TestServer extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  readonly port: number;
  /** All requests, in order. */
  readonly requests: readonly ReceivedRequest[];
  /** Bytes of bodies that were sent, or lie in a buffer for it. Exact to a few chunks where the object is a file. */
  readonly sent: number;
  /** Connections that are open now. */
  readonly connections: number;
  /** Puts an object behind a path (`/disk.img`, not encoded) and gives its link. */
  serve(path: string, object: ServedObject): string;
  /** The next `times` requests (default 1) that `when` accepts meet the fault instead of, or on top of, the object. */
  fault(fault: Fault, how?: { times?: number; when?: (request: ReceivedRequest) => boolean }): void;
  guard(guard: Guard): void;
  /** The object that `?versionId=` gives for a path. */
  serveVersion(path: string, version: string, object: ServedObject): void;
}

/**
 * An HTTP server on a free port of the loopback whose objects and faults are scripted. With `tls` it speaks HTTPS.
 * Everything is closed with it, open connections too.
 */
export async function startTestServer(options: { tls?: ServerOptions; host?: string } = {}): Promise<TestServer> {
  const objects = new Map<string, ServedObject>();
  const requests: ReceivedRequest[] = [];
  const faults: { fault: Fault; left: number; when: (request: ReceivedRequest) => boolean }[] = [];
  const guards: Guard[] = [];
  const sockets = new Set<Socket>();
  const host = options.host ?? '127.0.0.1';
  let sent = 0;
  const answer = (message: IncomingMessage, response: ServerResponse): void => {
    const request = { method: message.method ?? '', path: message.url ?? '', headers: message.headers as never };
    requests.push(request);
    const scripted = faults.find(({ left, when }) => left > 0 && when(request));
    if (scripted !== undefined) scripted.left--;
    const refusal = guards.map((guard) => guard(request)).find((no) => no !== undefined);
    if (refusal !== undefined) response.writeHead(refusal.status).end(refusal.body);
    else {
      const exchange = { request, response, object: objects.get(pathOf(request)) };
      void respond(exchange, scripted?.fault, (bytes) => (sent += bytes));
    }
  };
  const server = options.tls === undefined ? createServer(answer) : createTlsServer(options.tls, answer);
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const origin = `${options.tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    origin,
    port,
    requests,
    get sent() {
      return sent;
    },
    get connections() {
      return sockets.size;
    },
    serve: (path, object) => {
      objects.set(path, object);
      return origin + path.split('/').map(encodeURIComponent).join('/');
    },
    fault: (fault, { times = 1, when = () => true } = {}) => void faults.push({ fault, left: times, when }),
    guard: (guard) => void guards.push(guard),
    serveVersion: (path, version, object) => void objects.set(`${path}?versionId=${version}`, object),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Path and version, decoded: other parameters of the query make no other object. */
function pathOf(request: ReceivedRequest): string {
  const [path = '', query] = request.path.split('?', 2);
  const version = new URLSearchParams(query).get('versionId');
  return decodeURIComponent(path) + (version === null ? '' : `?versionId=${version}`);
}

async function respond(exchange: Exchange, fault: Fault | undefined, count: (bytes: number) => void): Promise<void> {
  const { response, object, request } = exchange;
  const answer = honestAnswer(request, object);
  if (fault !== undefined) {
    await commit(fault, exchange, answer);
    return;
  }
  response.writeHead(answer.status, answer.headers);
  if (answer.body === undefined || object === undefined || request.method === 'HEAD') response.end();
  else
    bodyOf(object, answer.body)
      .on('data', (chunk: Uint8Array) => count(chunk.length))
      .pipe(response);
}
