import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** One request as it came: the text of its head, and which connection it came on, counted from 0. */
export interface RawRequest {
  readonly head: string;
  readonly connection: number;
  readonly socket: Socket;
}

export interface RawServer extends AsyncDisposable {
  readonly url: URL;
  readonly requests: readonly RawRequest[];
  /** Connections that are open now. */
  readonly open: number;
  /** Requests that came before the answer to the one before them on the same connection was given. */
  readonly pipelined: number;
}

/** A TCP server that answers each request with whatever the script writes on the socket. It settles when it has. */
export async function startRawServer(answer: (request: RawRequest) => Promise<void> | void): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  let pipelined = 0;
  const server = createServer((socket) => {
    const connection = connections++;
    let text = '';
    let isAnswering = false;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const request = { head: text.slice(0, end + 4), connection, socket };
        text = text.slice(end + 4);
        requests.push(request);
        if (isAnswering) pipelined++;
        isAnswering = true;
        void Promise.resolve(answer(request)).then(() => (isAnswering = false));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/`),
    requests,
    get open() {
      return sockets.size;
    },
    get pipelined() {
      return pipelined;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Writes and waits until the system has taken it. */
export function say(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve) => socket.write(text, 'latin1', () => resolve()));
}
