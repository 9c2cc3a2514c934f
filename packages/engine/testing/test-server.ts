import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { Fault } from './server-faults.ts';
import { commit } from './server-faults.ts';

/** What lies behind a path: a buffer or a file. Tests change it to change the object. */
export interface ServedObject {
  content: Uint8Array | { readonly file: string };
  etag?: string | undefined;
  lastModified?: string | undefined;
  /** Sent with every answer that has the object. */
  headers?: Readonly<Record<string, string>>;
  /** Default true. */
  ranges?: boolean;
  /** Default true: If-Match and If-Unmodified-Since are obeyed. */
  conditions?: boolean;
  /** Default true; false sends the body in chunks of unknown total length. */
  length?: boolean;
}

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** Says no to a request before the object is looked at: status and body, or undefined to let it pass. */
export type Guard = (request: ReceivedRequest) => { status: number; body?: string } | undefined;

export interface TestServer extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  readonly port: number;
  /** All requests, in order. */
  readonly requests: readonly ReceivedRequest[];
  /** Connections that are open now. */
  readonly connections: number;
  /** Puts an object behind a path (`/disk.img`, not encoded) and gives its link. */
  serve(path: string, object: ServedObject): string;
  /** The next `times` requests (default 1) that `when` accepts meet the fault instead of, or on top of, the object. */
  fault(fault: Fault, how?: { times?: number; when?: (request: ReceivedRequest) => boolean }): void;
  guard(guard: Guard): void;
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
  const answer = (message: IncomingMessage, response: ServerResponse): void => {
    const request = { method: message.method ?? '', path: message.url ?? '', headers: message.headers as never };
    requests.push(request);
    const scripted = faults.find(({ left, when }) => left > 0 && when(request));
    if (scripted !== undefined) scripted.left--;
    const refusal = guards.map((guard) => guard(request)).find((no) => no !== undefined);
    if (refusal !== undefined) response.writeHead(refusal.status).end(refusal.body);
    else void respond({ request, response, fault: scripted?.fault, object: objects.get(pathOf(request)) });
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
    get connections() {
      return sockets.size;
    },
    serve: (path, object) => {
      objects.set(path, object);
      return origin + path.split('/').map(encodeURIComponent).join('/');
    },
    fault: (fault, { times = 1, when = () => true } = {}) => void faults.push({ fault, left: times, when }),
    guard: (guard) => void guards.push(guard),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function pathOf(request: ReceivedRequest): string {
  return decodeURIComponent(request.path.split('?', 1)[0] ?? '');
}

export interface Exchange {
  readonly request: ReceivedRequest;
  readonly response: ServerResponse;
  readonly object: ServedObject | undefined;
  readonly fault?: Fault | undefined;
}

/** The answer of an honest server, as head and body, before any fault is put on it. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: { readonly offset: number; readonly length: number } | undefined;
}

async function respond(exchange: Exchange): Promise<void> {
  const { response, object, fault, request } = exchange;
  const answer = honest(request, object);
  if (fault !== undefined) {
    await commit(fault, exchange, answer);
    return;
  }
  response.writeHead(answer.status, answer.headers);
  if (answer.body === undefined || object === undefined || request.method === 'HEAD') response.end();
  else bodyOf(object, answer.body).pipe(response);
}

export function bodyOf(object: ServedObject, { offset, length }: { offset: number; length: number }): Readable {
  const { content } = object;
  if (length === 0) return Readable.from([]);
  if ('file' in content) return createReadStream(content.file, { start: offset, end: offset + length - 1 });
  return Readable.from([Buffer.from(content.buffer, content.byteOffset + offset, length)]);
}

export function sizeOf({ content }: ServedObject): number {
  return 'file' in content ? statSync(content.file).size : content.length;
}

function honest(request: ReceivedRequest, object: ServedObject | undefined): Answer {
  if (object === undefined) return { status: 404, headers: {}, body: undefined };
  const size = sizeOf(object);
  const headers: Record<string, string> = { ...object.headers };
  if (object.etag !== undefined) headers['etag'] = object.etag;
  if (object.lastModified !== undefined) headers['last-modified'] = object.lastModified;
  if (object.conditions !== false && !conditionsHold(request, object)) return { status: 412, headers, body: undefined };
  const range = object.ranges === false ? null : /^bytes=(\d+)-(\d*)$/.exec(request.headers['range'] ?? '');
  if (range === null) {
    if (object.length !== false) headers['content-length'] = String(size);
    return { status: 200, headers, body: { offset: 0, length: size } };
  }
  const offset = Number(range[1]);
  const end = Math.min(size, range[2] === '' ? size : Number(range[2]) + 1);
  if (offset >= end)
    return { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` }, body: undefined };
  headers['content-range'] = `bytes ${offset}-${end - 1}/${size}`;
  if (object.length !== false) headers['content-length'] = String(end - offset);
  return { status: 206, headers, body: { offset, length: end - offset } };
}

function conditionsHold(request: ReceivedRequest, object: ServedObject): boolean {
  const match = request.headers['if-match'];
  if (match !== undefined) return match === object.etag;
  const since = request.headers['if-unmodified-since'];
  return since === undefined || Date.parse(object.lastModified ?? '') <= Date.parse(since);
}
