import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { QMP_SOCKET } from '../src/providers/local/guest/qmp.ts';

/** What it says to a command: an object is sent as JSON, a text as it is, and undefined hangs up. */
export type Answer = (
  command: string,
  id: number,
  asked: { readonly args: Readonly<Record<string, unknown>>; readonly folder: string },
) => object | string | undefined;

/** A guest of this name that answers to everything else with the command. */
export const asGuest =
  (name: string) =>
  (command: string, id: number): object =>
    command === 'query-name' ? { return: { name }, id } : { return: { command }, id };

/** Things that listen where guests do. */
export class ListeningGuests {
  readonly #root: string;
  readonly #servers: Server[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  /** @returns its folder, which is deeper than the address of a socket has room for */
  async listen(answer: Answer): Promise<string> {
    const folder = join(this.#root, 'deep-'.repeat(20), 'deep-'.repeat(20), randomUUID());
    await mkdir(folder, { recursive: true });
    await using opened = await open(folder, 'r');
    const server = createServer((socket: Socket) => {
      socket.on('error', () => socket.destroy());
      socket.write('{"QMP": {"version": {}, "capabilities": []}}\r\n');
      socket.on('data', (data) => {
        for (const line of data.toString().trim().split('\n')) {
          const { execute, id, arguments: args = {} } = JSON.parse(line) as Command;
          const said = answer(execute, id, { args, folder });
          if (said === undefined) socket.destroy();
          else socket.write(typeof said === 'string' ? said : `${JSON.stringify(said)}\r\n`);
        }
      });
    });
    this.#servers.push(server);
    server.listen(join('/proc/self/fd', String(opened.fd), QMP_SOCKET));
    await once(server, 'listening');
    return folder;
  }

  close(): void {
    for (const server of this.#servers.splice(0)) server.close();
  }
}

interface Command {
  readonly execute: string;
  readonly id: number;
  readonly arguments?: Readonly<Record<string, unknown>>;
}
