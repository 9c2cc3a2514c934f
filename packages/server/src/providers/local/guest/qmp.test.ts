import { afterEach, describe, expect, it } from 'vitest';
import { asGuest, ListeningGuests } from '../../../../testing/listening-guests.ts';
import { localFolder } from '../../../../testing/local-scene.ts';
import { converse } from './qmp.ts';

const root = await localFolder();
const guests = new ListeningGuests(root);
afterEach(() => guests.close());
const listening: ListeningGuests['listen'] = (answer) => guests.listen(answer);

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
