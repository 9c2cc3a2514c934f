import type { StartedService } from '../../packages/server/testing/started-service.ts';
import { showReceipt } from './land-guest.ts';
import type { SampleImage } from './samples.ts';
import { say } from './say.ts';

/** An offline data migration: each image onto a volume of its own, in one migration. */
export async function landDataDisks(
  service: StartedService,
  images: readonly SampleImage[],
  link: (name: string, content: Uint8Array) => string,
): Promise<void> {
  say('3. An offline data migration: a qcow2 inside a .tar.gz and a VHD inside a .gz go onto two data volumes.');
  const pairs: { link: string; volume: string }[] = [];
  for (const image of images) {
    const volume = await service.ask<{ id: string }>('volumes', 'create', image.name, '--size', `${image.size}`);
    pairs.push({ link: link(image.name, image.content), volume: volume.id });
  }
  const [first, ...rest] = pairs;
  if (first === undefined) return;
  const more = rest.flatMap((pair) => ['--data', `${pair.volume}=${pair.link}`]);
  await service.run('migrate', 'data', first.link, first.volume, ...more, '--verify', 'full', '--yes');
  await service.run('migrations', 'list');
  await showReceipt(service, first.volume, 'volume');
}
