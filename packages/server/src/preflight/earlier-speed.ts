import type { LoggedEvent } from '../migrations/event.ts';
import type { Migration } from '../migrations/migration.ts';
import { sourceHost } from '../migrations/source-host.ts';
import type { MigrationStore } from '../migrations/store.ts';
import type { ReceiptStore } from '../receipts/receipt-store.ts';

/** Of the newest migrations that succeeded, those from the host are picked, and the logs of the newest of them read. */
const LOOKED_THROUGH = 50;
const LOGS = 10;
/** So many images are enough. */
const ENOUGH = 3;
/** What took less tells of the start of a connection. */
const LEAST_BYTES = 64 * 1024 * 1024;
const LEAST_MS = 1000;

interface Kept {
  readonly migrations: Pick<MigrationStore, 'list' | 'events'>;
  readonly receipts: Pick<ReceiptStore, 'read'>;
}

/**
 * Bytes of objects a second that the newest migrations reached from a host, from the first byte written to the last, as
 * their logs and receipts say. Undefined where none tells: one that waited, paused or was held to a rate does not.
 */
export async function earlierSpeed({ migrations, receipts }: Kept, host: string): Promise<number | undefined> {
  const { migrations: newest } = await migrations.list({ states: ['succeeded'], limit: LOOKED_THROUGH });
  let [bytes, milliseconds, found] = [0, 0, 0];
  const fromThere = newest.map((migration) => ({ id: migration.id, images: imagesFrom(migration, host) }));
  for (const { id, images } of fromThere.filter((each) => each.images.length > 0).slice(0, LOGS)) {
    const log = await migrations.events(id, 0);
    const { receipt } = await receipts.read(id);
    for (const image of images) {
      const size = receipt.images[image]?.fileSize ?? 0;
      const took = timeOf(log, image);
      if (took === undefined || took < LEAST_MS || size < LEAST_BYTES) continue;
      bytes += size;
      milliseconds += took;
      found++;
    }
    if (found >= ENOUGH) break;
  }
  return found === 0 ? undefined : (bytes * 1000) / milliseconds;
}

function imagesFrom({ images, options }: Migration, host: string): number[] {
  if (options.bandwidth !== null) return [];
  return images.flatMap(({ source }, image) => (sourceHost(source.link) === host ? [image] : []));
}

/** From the first byte on the disk to the last; undefined where something else came between. */
function timeOf(log: readonly LoggedEvent[], image: number): number | undefined {
  const began = log.findIndex(({ event }) => event.kind === 'write-began' && event.image === image);
  const rest = began < 0 ? [] : log.slice(began + 1);
  const next = rest.find(({ event }) => event.kind !== 'progressed');
  if (next?.event.kind !== 'landed' || next.event.image !== image) return undefined;
  return next.at - (log[began]?.at ?? next.at);
}
