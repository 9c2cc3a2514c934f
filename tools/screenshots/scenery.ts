import { gzipSync } from 'node:zlib';
import type { ConsoleScene } from '../../packages/console/testing/console-scene.ts';
import { seededBytes } from '../../packages/engine/testing/seeded.ts';
import { bootableDisk } from '../../packages/server/testing/worker-content.ts';

const MiB = 2 ** 20;

export interface Scenery {
  readonly address: string;
  /** Of a packed system disk. */
  readonly system: string;
  /** Of a data disk that takes a while. */
  readonly data: string;
}

/** Servers, volumes and images with names as people give them. */
export async function makeScenery({ service, images }: ConsoleScene): Promise<Scenery> {
  const data = new Uint8Array(192 * MiB);
  for (let at = 0; at < data.length; at += 16 * MiB) data.set(seededBytes(at + 1, 9 * MiB), at);
  const disk = bootableDisk(24 * MiB);
  const system = images.serve('/exports/web-tokyo.raw.gz', { content: gzipSync(disk, { level: 1 }), etag: '"w"' });
  const link = images.serve('/exports/orders-db.raw', { content: data, etag: '"d"' });
  await service.ask('instances', 'create', 'web-tokyo', '--size', '64MiB');
  await service.ask('instances', 'create', 'db-tokyo', '--size', '128MiB');
  await service.ask('volumes', 'create', 'orders-db', '--size', '192MiB');
  await service.ask('volumes', 'create', 'scratch', '--size', '32MiB');
  return { address: service.address, system, data: link };
}
