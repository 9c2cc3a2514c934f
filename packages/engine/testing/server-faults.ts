import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf, type Answer, type ReceivedRequest, type ServedObject } from './served-object.ts';

export interface Exchange {
  readonly request: ReceivedRequest;
  readonly response: ServerResponse;
  readonly object: ServedObject | undefined;
}

/** What a server may do instead of answering well. Bytes are counted in the body. */
export type Fault =
  /** Another status, with headers and a body of its own. */
  | { kind: 'status'; status: number; headers?: Readonly<Record<string, string | string[]>>; body?: string }
  /** Redirects; relative links are allowed. */
  | { kind: 'redirect'; to: string; status?: number }
  /** The honest answer with some headers replaced, or removed by undefined. */
  | { kind: 'headers'; headers: Readonly<Record<string, string | undefined>>; status?: number }
  /** TCP reset after so many bytes. */
  | { kind: 'reset'; after: number }
  /** The connection ends cleanly after so many bytes. */
  | { kind: 'end'; after: number }
  /** Silence after so many bytes; -1: not even a head. */
  | { kind: 'stall'; after: number }
  /** One byte of head or body at a time. */
  | { kind: 'drip'; part: 'head' | 'body'; everyMs: number }
  /** Waits before it answers well. */
  | { kind: 'delay'; ms: number }
  /** One bit of the body is another, the length is right. */
  | { kind: 'flip'; at: number }
  /** More bytes follow than were asked for, in chunks. */
  | { kind: 'longer'; by: number }
  /** Whatever is written on the socket. */
  | { kind: 'raw'; text: string | ((request: ReceivedRequest) => string); thenEnd?: boolean };

export async function commit(fault: Fault, exchange: Exchange, answer: Answer): Promise<void> {
  const { response, request } = exchange;
  const { socket } = response;
  switch (fault.kind) {
    case 'status':
      response.writeHead(fault.status, fault.headers).end(fault.body);
      return;
    case 'redirect':
      response.writeHead(fault.status ?? 302, { location: fault.to }).end();
      return;
    case 'raw':
      socket?.write(typeof fault.text === 'string' ? fault.text : fault.text(request), 'latin1');
      if (fault.thenEnd) socket?.end();
      return;
    case 'delay':
      await sleep(fault.ms);
      await finish(exchange, answer);
      return;
    case 'headers':
      for (const [name, value] of Object.entries(fault.headers)) {
        if (value === undefined) delete answer.headers[name];
        else answer.headers[name] = value;
      }
      answer.status = fault.status ?? answer.status;
      await finish(exchange, answer);
      return;
    case 'drip':
      await drip(fault, exchange, answer);
      return;
    default:
      await spoil(fault, exchange, answer);
  }
}

type BodyFault = Extract<Fault, { kind: 'reset' | 'end' | 'stall' | 'flip' | 'longer' }>;

async function spoil(fault: BodyFault, exchange: Exchange, answer: Answer): Promise<void> {
  const { response } = exchange;
  const { socket } = response;
  if (fault.kind === 'stall' && fault.after < 0) return;
  const body = await wholeBody(exchange, answer);
  if (fault.kind === 'flip') body[fault.at] = (body[fault.at] ?? 0) ^ 1;
  if (fault.kind === 'longer') delete answer.headers['content-length'];
  response.writeHead(answer.status, answer.headers);
  if (fault.kind === 'flip') response.end(body);
  else if (fault.kind === 'longer') response.end(Buffer.concat([body, Buffer.alloc(fault.by, 0x58)]));
  else {
    response.flushHeaders();
    await new Promise((resolve) => response.write(body.subarray(0, fault.after), resolve));
    // Give the bytes time to be read: a reset throws away what the receiver has not taken yet.
    if (fault.kind === 'reset') await sleep(20);
    // Under TLS there is no reset of its own: the connection just ends, without close_notify.
    if (fault.kind === 'reset' && socket !== null && 'encrypted' in socket) socket.destroy();
    else if (fault.kind === 'reset') socket?.resetAndDestroy();
    if (fault.kind === 'end') socket?.end();
  }
}

async function drip(fault: Extract<Fault, { kind: 'drip' }>, exchange: Exchange, answer: Answer): Promise<void> {
  const { socket } = exchange.response;
  const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`HTTP/1.1 ${answer.status} OK\r\n${lines.join('')}\r\n`, 'latin1');
  const body = await wholeBody(exchange, answer);
  if (fault.part === 'body') socket?.write(head);
  for (const byte of fault.part === 'head' ? head : body) {
    if (socket === null || socket.destroyed) return;
    socket.write(Buffer.of(byte));
    await sleep(fault.everyMs);
  }
  if (fault.part === 'head') socket?.write(body);
}

async function finish(exchange: Exchange, answer: Answer): Promise<void> {
  exchange.response.writeHead(answer.status, answer.headers).end(await wholeBody(exchange, answer));
}

async function wholeBody({ object }: Exchange, answer: Answer): Promise<Buffer> {
  if (object === undefined || answer.body === undefined) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  for await (const chunk of bodyOf(object, answer.body)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
