import type { MigrationKind } from '../../service/service.ts';
import { type Draft, EMPTY_DRAFT, EMPTY_IMAGE } from './draft.ts';
import { EMPTY_SOURCE } from '../source-draft.ts';

/** In this tab alone, so that a reload loses nothing; keys and signed links are never written anywhere. */
export function keepDraft(kind: MigrationKind, draft: Draft): void {
  const images = draft.images.map((image) => {
    const { link, isPrivate } = image.source;
    return { ...image, source: { ...EMPTY_SOURCE, isPrivate, link: isSecret(link) ? '' : link } };
  });
  sessionStorage.setItem(keyOf(kind), JSON.stringify({ ...draft, images }));
}

export function keptDraft(kind: MigrationKind): Draft {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(kind)) ?? '{}') as Partial<Draft>;
    const images = kept.images?.map((image) => ({
      ...EMPTY_IMAGE,
      ...image,
      source: { ...EMPTY_SOURCE, ...image.source },
    }));
    return { ...EMPTY_DRAFT, ...kept, images: images?.length ? images : [EMPTY_IMAGE] };
  } catch {
    // Of an older console: begun anew.
    return EMPTY_DRAFT;
  }
}

export function forgetDraft(kind: MigrationKind): void {
  sessionStorage.removeItem(keyOf(kind));
}

/** A user name, a password or a query may open the object: the service seals such links as well. */
function isSecret(link: string): boolean {
  return link.includes('?') || /^https?:\/\/[^/]*@/i.test(link.trim());
}

function keyOf(kind: MigrationKind): string {
  return `diskferry.draft.${kind}`;
}
