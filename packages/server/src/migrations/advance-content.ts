import type { DiskContent } from '@diskferry/protocol';
import { ServiceError } from '../base/errors.ts';
import type { WorkerEvent } from './event.ts';
import { imageAt, withImage } from './images.ts';
import type { MigratedImage, Migration } from './migration.ts';

type ContentEvent = WorkerEvent & { kind: 'write-began' | 'progressed' | 'landed' };

/** What a disk holds only grows: untouched, partly, complete. */
export function advanceContent(migration: Migration, event: ContentEvent): Migration {
  const image = imageAt(migration, event.image);
  return withImage(migration, event.image, { ...image, content: contentAfter(migration.id, image, event) });
}

function contentAfter(id: string, { content, size }: MigratedImage, event: ContentEvent): DiskContent {
  if (event.kind === 'write-began') {
    if (content.kind !== 'untouched' || size === null) throw illegal(id, event, `its disk is ${content.kind}`);
    return { kind: 'partly', bytes: 0, of: size };
  }
  if (content.kind !== 'partly') throw illegal(id, event, `its disk is ${content.kind}`);
  if (event.kind === 'landed') return { kind: 'complete', of: content.of, verified: false };
  const { bytes } = event;
  if (!Number.isSafeInteger(bytes) || bytes < content.bytes || bytes > content.of) {
    throw illegal(id, event, `${bytes} bytes; from ${content.bytes} to ${content.of} are possible`);
  }
  return { ...content, bytes };
}

function illegal(id: string, { kind, image }: ContentEvent, why: string): ServiceError {
  return new ServiceError('illegal-transition', `${kind} does not fit image ${image} of ${id}: ${why}`);
}
