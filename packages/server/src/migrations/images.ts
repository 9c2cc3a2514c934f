import { ServiceError } from '../base/errors.ts';
import type { MigratedImage, Migration } from './migration.ts';

export function imageAt({ id, images }: Migration, index: number): MigratedImage {
  const image = images[index];
  if (image) return image;
  throw new ServiceError('illegal-transition', `${id} has no image ${index}: it has ${images.length}, counted from 0`);
}

export function withImage(migration: Migration, index: number, image: MigratedImage): Migration {
  return { ...migration, images: migration.images.with(index, image) };
}

/**
 * Whether a retry may go on from what the disks hold. Others can write to them in between: without digests nobody could
 * tell, so what is not verified is written again.
 */
export function mayGoOn({ images, options }: Pick<Migration, 'images' | 'options'>): boolean {
  return options.verify !== 'none' && images.some(({ content }) => content.kind !== 'untouched');
}
