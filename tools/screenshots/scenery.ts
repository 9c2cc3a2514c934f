import { readFile } from 'node:fs/promises';
import type { ConsoleScene } from '../../packages/console/testing/console-scene.ts';
import { makeImage } from '../../packages/engine/testing/qemu-img.ts';
import { seededBytes } from '../../packages/engine/testing/seeded.ts';
import { makeMiniGuest } from '../../packages/server/testing/guests/make-mini-guest.ts';

const MiB = 2 ** 20;
/** Begins with /dev/sdb1, which is not there at the target: the guest stops in emergency mode. */
const OLD_FSTAB = ['/dev/vda1 / ext4 defaults 0 1', '/dev/sdb1 /srv/orders ext4 defaults 0 2'];

export interface Scenery {
  readonly address: string;
  /** Links: of a packed system disk that starts, of one that does not, and of a data disk that takes a while. */
  readonly system: string;
  readonly broken: string;
  readonly data: string;
}

/** Servers, volumes and images with names as people give them; the systems are real ones, and are started. */
export async function makeScenery({ service, images }: ConsoleScene, folder: string): Promise<Scenery> {
  const packed = async (name: string, fstab?: readonly string[]): Promise<string> => {
    const path = await makeMiniGuest({ folder, name, firmware: 'bios', ...(fstab && { fstab }) });
    const made = { folder, name: `${name}.qcow2`, format: 'qcow2', compressed: true };
    const content = await readFile(await makeImage(await readFile(path), made));
    return images.serve(`/exports/${name}.qcow2`, { content, etag: `"${name}"` });
  };
  const system = await packed('web');
  const broken = await packed('db', OLD_FSTAB);
  const data = images.serve('/exports/orders-db.raw', { content: dataDisk(), etag: '"orders"' });
  for (const name of ['web-tokyo', 'db-tokyo']) {
    await service.ask('instances', 'create', name, '--size', '512MiB', '--memory', '256MiB', '--cpus', '1');
  }
  await service.ask('volumes', 'create', 'orders-db', '--size', '512MiB');
  await service.ask('volumes', 'create', 'scratch', '--size', '32MiB');
  return { address: service.address, system, broken, data };
}

/** As a disk of a database is after some years: full in front, with gaps, and empty behind. */
function dataDisk(): Uint8Array {
  const disk = new Uint8Array(512 * MiB);
  for (let at = 0; at < 320 * MiB; at += 8 * MiB) {
    const isGap = (at / (8 * MiB)) % 7 === 4;
    if (!isGap) disk.set(seededBytes(at + 1, 8 * MiB), at);
  }
  return disk;
}
