import { ServiceError } from '../base/errors.ts';
import type { CheckedImage, WorkerEvent } from './event.ts';
import type { MigratedImage, Migration } from './migration.ts';

/** What the check found is kept: the size of each disk, and which object it is. */
export function check(migration: Migration, event: WorkerEvent & { kind: 'checked' }): Migration {
  const { id, images, options, locks } = migration;
  if (locks.length === 0) throw illegal(id, 'nothing is locked');
  if (event.instanceRuns && options.runningInstance === 'refuse') throw illegal(id, 'the instance runs');
  if (event.images.length !== images.length) {
    throw illegal(id, `${event.images.length} images were checked and there are ${images.length}`);
  }
  return { ...migration, images: images.map((image, index) => checkOne(id, image, event.images[index])) };
}

function checkOne(id: string, image: MigratedImage, found: CheckedImage | undefined): MigratedImage {
  if (!found || !Number.isSafeInteger(found.size) || found.size < 0) throw illegal(id, `size is ${found?.size}`);
  const { content } = image;
  const begun = content.kind === 'complete' || (content.kind === 'partly' && content.bytes > 0);
  if (begun && (image.identity !== found.identity || image.size !== found.size)) {
    throw illegal(
      id,
      `another object (${found.identity}) lies where ${image.identity} was, and would be mixed with it`,
    );
  }
  const kept = content.kind === 'partly' ? { ...content, of: found.size } : content;
  return { ...image, identity: found.identity, size: found.size, content: kept };
}

function illegal(id: string, why: string): ServiceError {
  return new ServiceError('illegal-transition', `checked does not fit ${id}: ${why}`);
}
