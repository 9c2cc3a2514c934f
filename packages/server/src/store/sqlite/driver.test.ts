import { mkdtemp, rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataRequest } from '../../../testing/requests.ts';
import { TEST_KEY } from '../../../testing/test-key.ts';
import { openFile } from './open-file.ts';
import { openStores } from '../open-stores.ts';

describe('an SQLite store', () => {
  let folder = '';
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'diskferry-store-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('waits for another that writes, and does not stand still meanwhile', async () => {
    const path = join(folder, 'store.sqlite');
    await using stores = await openStores(path, { secretKey: TEST_KEY });
    const store = stores.migrations;
    using other = new DatabaseSync(path);
    other.exec('begin immediate');
    let done = false;
    const waiting = store.create(dataRequest('a')).then((made) => {
      done = true;
      return made;
    });
    await sleep(50);
    expect(done).toBe(false);
    other.exec('commit');
    expect(await store.get((await waiting).id)).toMatchObject({ name: 'a' });
  });

  it('keeps a log ahead of the file, and waits until it is on the disk', async () => {
    using database = await openFile(join(folder, 'store.sqlite'));
    const pragma = (name: string) => Object.values(database.prepare(`pragma ${name}`).get() ?? {});
    expect(['journal_mode', 'synchronous', 'foreign_keys'].flatMap(pragma)).toEqual(['wal', 2, 1]);
  });

  it('says why it cannot be opened', async () => {
    const opening = openStores(join(folder, 'no', 'store.sqlite'), { secretKey: TEST_KEY });
    await expect(opening).rejects.toMatchObject({ code: 'store-unavailable' });
    await expect(opening).rejects.toThrow('unable to open database file');
  });
});
