import type { DiskContent } from '@diskferry/protocol';
import { ServiceError } from '../base/errors.ts';
import type { WorkerEvent } from './event.ts';
import { imageAt, withImage } from './images.ts';
import type { MigratedImage, Migration } from './migration.ts';

type ContentEvent = WorkerEvent & { kind: 'write-began' | 'progressed' | 'landed' };

/** What a disk holds only grows: untouched, partly, complete. */
export function advanceContent(migration: Migration, event: ContentEvent): Migration {
  const image = imageAt(migration, event.image);
  const size = event.kind === 'landed' ? (event.size ?? image.size) : image.size;
  return withImage(migration, event.image, { ...image, size, content: contentAfter(migration.id, image, event) });
}

function contentAfter(id: string, { content, size }: MigratedImage, event: ContentEvent): DiskContent {
  if (event.kind === 'write-began') {
    const of = size ?? event.upTo;
    if (content.kind !== 'untouched' || of === undefined) throw illegal(id, event, `its disk is ${content.kind}`);
    return { kind: 'partly', bytes: 0, of };
  }
  if (content.kind !== 'partly') throw illegal(id, event, `its disk is ${content.kind}`);
  if (event.kind === 'landed')
    return { kind: 'complete', of: landedSize(id, { content, size }, event), verified: false };
  const { bytes } = event;
  if (!Number.isSafeInteger(bytes) || bytes < content.bytes || bytes > content.of) {
    throw illegal(id, event, `${bytes} bytes; from ${content.bytes} to ${content.of} are possible`);
  }
  return { ...content, bytes };
}

function landedSize(
  id: string,
  { content, size }: Pick<MigratedImage, 'content' | 'size'>,
  event: ContentEvent & { kind: 'landed' },
): number {
  const landed = event.size ?? size;
  const least = content.kind === 'partly' ? content.bytes : 0;
  if (landed !== null && Number.isSafeInteger(landed) && landed >= least && (size ?? landed) === landed) return landed;
  throw illegal(id, event, `its size is ${event.size}, and was ${size} when it was checked`);
}

function illegal(id: string, { kind, image }: ContentEvent, why: string): ServiceError {
  return new ServiceError('illegal-transition', `${kind} does not fit image ${image} of ${id}: ${why}`);
}
