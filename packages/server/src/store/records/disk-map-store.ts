import type { DiskMapView } from '@diskferry/protocol';
import { ServiceError } from '../../base/errors.ts';
import { isPrintable } from '../../base/printable.ts';
import type { DiskMapStore } from '../../live/disk-maps.ts';
import type { Context } from '../database.ts';
import { fromBody } from '../migrations/project.ts';
import { heldRow } from './held.ts';

/** As the schema of the API has it: one of each image is some KiB at most. */
const MOST_CELLS = 1024;

export function diskMapStore(context: Context): DiskMapStore {
  const { db } = context;
  return {
    keep: (id, fence, { image, map }) =>
      db.transaction().execute(async (within) => {
        const { images } = fromBody(await heldRow(context, within, { id, fence }));
        requireFit(id, { image, map, images: images.length });
        const body = JSON.stringify(map);
        await within
          .insertInto('disk_map')
          .values({ migration_id: id, image, body })
          .onConflict((conflict) => conflict.columns(['migration_id', 'image']).doUpdateSet({ body }))
          .execute();
      }),

    async read(id) {
      if (!isPrintable(id)) return new Map();
      const rows = await db
        .selectFrom('disk_map')
        .selectAll()
        .where('migration_id', '=', id)
        .orderBy('image')
        .execute();
      return new Map(rows.map(({ image, body }) => [image, JSON.parse(body) as DiskMapView]));
    },
  };
}

function requireFit(
  id: string,
  { image, map, images }: { readonly image: number; readonly map: DiskMapView; readonly images: number },
): void {
  const isThere = Number.isInteger(image) && image >= 0 && image < images;
  if (isThere && map.cells <= MOST_CELLS && map.runs.length <= MOST_CELLS) return;
  throw new ServiceError('invalid-request', `a map of ${map.cells} cells of image ${image} of ${id} is not kept`);
}
