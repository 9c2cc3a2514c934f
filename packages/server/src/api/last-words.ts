import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** For what is being answered when the API closes. */
const LAST_WORDS_MS = 3000;

/**
 * Lets the API close soon whoever is connected. Node itself waits for a connection on which nothing was ever asked, as
 * browsers open them beforehand, until the time for a request is over; and for a TLS handshake that is never finished.
 * @returns to be called when it begins to close
 */
export function lastWords(server: Server): () => void {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const drop = (which: (socket: Socket) => boolean) => {
    for (const socket of sockets) if (which(socket)) socket.destroy();
  };
  return () => {
    drop(({ bytesRead }) => bytesRead === 0);
    setTimeout(() => drop(() => true), LAST_WORDS_MS).unref();
  };
}
