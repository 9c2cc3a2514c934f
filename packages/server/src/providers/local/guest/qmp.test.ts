import { randomUUID } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { localFolder } from '../../../../testing/local-scene.ts';
import { converse, QMP_SOCKET } from './qmp.ts';

const root = await localFolder();
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Something that listens where a guest does; `answer` gives what it says to each command. */
async function listening(answer: (command: string, id: number) => object | string | undefined): Promise<string> {
  // Deeper than the address of a socket has room for.
  const folder = join(root, 'deep-'.repeat(20), 'deep-'.repeat(20), randomUUID());
  await mkdir(folder, { recursive: true });
  await using opened = await open(folder, 'r');
  const server = createServer((socket: Socket) => {
    socket.on('error', () => socket.destroy());
    socket.write('{"QMP": {"version": {}, "capabilities": []}}\r\n');
    socket.on('data', (data) => {
      for (const line of data.toString().trim().split('\n')) {
        const { execute, id } = JSON.parse(line) as { execute: string; id: number };
        const said = answer(execute, id);
        if (said === undefined) socket.destroy();
        else socket.write(typeof said === 'string' ? said : `${JSON.stringify(said)}\r\n`);
      }
    });
  });
  servers.push(server);
  server.listen(join('/proc/self/fd', String(opened.fd), QMP_SOCKET));
  await once(server, 'listening');
  return folder;
}

const asGuest = (name: string) => (command: string, id: number) =>
  command === 'query-name' ? { return: { name }, id } : { return: { command }, id };

const soon = (): AbortSignal => AbortSignal.timeout(5000);

describe('converse()', () => {
  it('talks to the guest of the name, in a folder however deep, past events and what is no JSON', async () => {
    const folder = await listening((command, id) => {
      const said = JSON.stringify(asGuest('i-1')(command, id));
      return `{"event": "STOP"}\r\nnot for you\r\n${said}\r\n`;
    });
    const answer = await converse({ folder, name: 'i-1', signal: soon() }, (execute) => execute('query-status'));
    expect(answer).toEqual({ command: 'query-status' });
  });

  it('says nothing more to a guest of another name', async () => {
    const heard: string[] = [];
    const folder = await listening((command, id) => {
      heard.push(command);
      return asGuest('i-2')(command, id);
    });
    const talking = converse({ folder, name: 'i-1', signal: soon() }, (execute) => execute('system_powerdown'));
    await expect(talking).rejects.toThrow('the guest is i-2, not i-1');
    expect(heard).toEqual(['qmp_capabilities', 'query-name']);
  });

  it('ends where the guest refuses, hangs up, does not answer, or is not there', async () => {
    const refusing = await listening((_command, id) => ({ error: { desc: 'not today' }, id }));
    const how = { folder: refusing, name: 'i-1', signal: soon() };
    await expect(converse(how, async () => {})).rejects.toThrow('not today');
    const leaving = await listening(() => undefined);
    await expect(converse({ ...how, folder: leaving }, async () => {})).rejects.toThrow();
    const silent = await listening(() => '\r\n');
    const signal = AbortSignal.timeout(100);
    await expect(converse({ ...how, folder: silent, signal }, async () => {})).rejects.toThrow();
    const endless = await listening(() => 'x'.repeat(2 ** 21));
    await expect(converse({ ...how, folder: endless }, async () => {})).rejects.toThrow('a line of more than');
    await expect(converse({ ...how, folder: root }, async () => {})).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
