import { afterAll, expect, it } from 'vitest';
import { apiScene } from '../../../testing/api-scene.ts';
import type { Sight } from '../../images/seen-image.ts';

const scene = await apiScene();
afterAll(() => scene[Symbol.asyncDispose]());

const INSIDE = {
  nature: 'system',
  because: 'it has a root',
  system: { family: 'linux', name: 'Debian', architecture: 'x86_64', hostname: 'h', kernel: '6.1' },
  startsWith: ['bios'],
  table: 'mbr',
  volumes: [{ place: 'partition 1', start: 1, size: 2, content: 'ext4', label: null, used: null }],
  warnings: [],
  bytesRead: 7,
} as const satisfies Sight['guest'];

function sight(link: string): Sight {
  const layers = [{ kind: 'image', name: 'qcow2' }] as const;
  const seen = { seenAt: 5, seenBy: 'ann', migration: null };
  return {
    link,
    layers,
    fileSize: 1,
    virtualSize: 2,
    reading: 'by ranges',
    guest: INSIDE,
    blocks: 1,
    warnings: 2,
    ...seen,
  };
}

it('lists what was seen, shows one, and forgets it for whoever may', async () => {
  await scene.stores.images.saw([sight('https://h.example/a.qcow2'), sight('https://h.example/b.qcow2')]);
  const { body } = await scene.send('viewer', 'GET /images?text=A.QCOW2');
  expect(body.items).toMatchObject([{ link: 'https://h.example/a.qcow2', guest: INSIDE, blocks: 1, warnings: 2 }]);
  const { id } = body.items[0];
  expect((await scene.send('viewer', `GET /images/${id}`)).body).toEqual(body.items[0]);
  expect((await scene.send('viewer', `DELETE /images/${id}`)).status).toBe(403);
  expect((await scene.send('operator', `DELETE /images/${id}`)).status).toBe(204);
  expect((await scene.send('operator', `GET /images/${id}`)).body.code).toBe('not-found');
  const page = await scene.send('viewer', 'GET /images?limit=1');
  expect(page.body.items).toHaveLength(1);
  expect((await scene.send('viewer', 'GET /images?cursor=xyz')).body.code).toBe('invalid-cursor');
});
