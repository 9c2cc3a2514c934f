import { randomUUID } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ETAG, expectFree, QCOW2 } from '../../testing/worker-content.ts';
import { stands, workerScene } from '../../testing/worker-scene.ts';
import { splitLink } from '../sources/split-link.ts';

describe('what a crash leaves', () => {
  it('holds and checkpoints of a migration that is over go when a worker starts; those of others stay', async () => {
    await using scene = await workerScene();
    const [done, foreign] = [await scene.volume(), await scene.volume()];
    const first = await scene.start();
    const id = await scene.create({ [done]: scene.server.serve('/disk.qcow2', { content: QCOW2, etag: ETAG }) });
    await scene.until(id, stands('succeeded'));
    await expectFree(scene);
    await first.stop();
    // As if it had been killed between the last event and all that follows it.
    await scene.provider.hold({ kind: 'volume', id: done }, { holder: id, why: 'left' });
    await scene.provider.hold({ kind: 'volume', id: foreign }, { holder: 'backup', why: 'a backup' });
    const other = randomUUID();
    for (const name of [`${id}-0.3`, `${other}-0.3`]) await writeFile(join(scene.folder, 'checkpoints', name), 'x');
    await scene.start();
    await scene.until(id, async () => (await scene.provider.getVolume(done)).heldBy === undefined);
    expect((await scene.provider.getVolume(foreign)).heldBy?.holder).toBe('backup');
    expect(await readdir(join(scene.folder, 'checkpoints'))).toEqual([`${other}-0.3`]);
    await scene.provider.release({ kind: 'volume', id: foreign }, 'backup');
  });
});

it('what the provider did not give up when a migration ended is given up as soon as it answers', async () => {
  await using scene = await workerScene();
  const { provider } = scene;
  const volume = await scene.volume();
  const release = provider.release.bind(provider);
  let tries = 0;
  provider.release = (...given) => (++tries > 3 ? release(...given) : Promise.reject(new Error('no answer')));
  await scene.start();
  const id = await scene.create({ [volume]: scene.server.serve('/disk.qcow2', { content: QCOW2, etag: ETAG }) });
  await scene.until(id, stands('succeeded'));
  await expectFree(scene);
});

describe('a secret', () => {
  it('opens the source, and is in no event, log, receipt, checkpoint or live progress', async () => {
    await using scene = await workerScene();
    const planted = 'hunter2-planted';
    const volume = await scene.volume();
    const link = `${scene.server.serve('/disk.qcow2', { content: QCOW2, etag: ETAG })}?sig=${planted}`;
    scene.server.guard(({ path }) => (path.includes(planted) ? undefined : { status: 403 }));
    const { shown, secret } = splitLink(link);
    const credentials = secret && (await scene.stores.secrets.seal(secret));
    const worker = await scene.start();
    const id = await scene.create({ [volume]: shown }, {}, undefined, { credentials });
    const seen: unknown[] = [];
    await scene.until(id, async (migration) => {
      seen.push(await scene.stores.live.read(id));
      return stands('succeeded')(migration);
    });
    await worker.stop();
    const { migrations, receipts, lines, images } = scene.stores;
    const said = [await lines.read(id), await images.list({ limit: 9 })] as const;
    expect(said.map((all) => JSON.stringify(all).includes('disk.qcow2'))).toEqual([false, true]);
    expect(said[0].length).toBeGreaterThan(3);
    const everything = [seen, scene.logged, said, await migrations.events(id, 0), await receipts.read(id)];
    expect(JSON.stringify(everything)).not.toContain(planted);
    expect(scene.server.requests.some(({ path }) => path.includes(planted))).toBe(true);
  });
});
