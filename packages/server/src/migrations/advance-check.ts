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
  const checked = images.map((image, index) => checkOne(id, image, event.images[index]));
  return { ...migration, images: checked, checks: event.checks ?? [] };
}

function checkOne(id: string, image: MigratedImage, found: CheckedImage | undefined): MigratedImage {
  const { content } = image;
  const least = content.kind === 'partly' ? content.bytes : 0;
  const size = found?.size ?? null;
  if (!found || (size !== null && !(Number.isSafeInteger(size) && size >= least))) {
    throw illegal(id, `size is ${size}; at least ${least} is possible`);
  }
  const begun = content.kind === 'complete' || least > 0;
  if (begun && (image.identity !== found.identity || differ(image.size, size))) {
    throw illegal(
      id,
      `another object (${found.identity}) lies where ${image.identity} was, and would be mixed with it`,
    );
  }
  const kept = content.kind === 'partly' && size !== null ? { ...content, of: size } : content;
  return { ...image, identity: found.identity, size: size ?? (begun ? image.size : null), content: kept };
}

/** Where only the end of a stream tells, a size is no contradiction to none. */
function differ(known: number | null, found: number | null): boolean {
  return known !== null && found !== null && known !== found;
}

function illegal(id: string, why: string): ServiceError {
  return new ServiceError('illegal-transition', `checked does not fit ${id}: ${why}`);
}
