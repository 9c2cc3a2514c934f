import { expect, it } from 'vitest';
import { apiScene } from '../../../testing/api-scene.ts';
import { sampleRequest } from '../../../testing/requests.ts';

it('shows the maps that were kept, to whoever may see the migration', async () => {
  await using scene = await apiScene();
  const { migrations, diskMaps } = scene.stores;
  const { id } = await migrations.create(sampleRequest());
  const path = `GET /migrations/${id}/disk-maps`;
  expect((await scene.send('viewer', path)).body).toEqual({ items: [] });
  const claim = await migrations.claim('w1', { labels: [], leaseMs: 60_000 });
  const map = { cells: 3, runs: [[4, 3]] };
  await diskMaps.keep(id, claim?.fence ?? 0, { image: 1, map });
  expect((await scene.send('viewer', path)).body).toEqual({ items: [{ image: 1, map }] });
  expect((await scene.send('viewer', 'GET /migrations/none/disk-maps')).body).toMatchObject({ code: 'not-found' });
});
